package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import org.jspecify.annotations.Nullable;

/** One frame on its way to the subscribers of a group, shared by all of them. */
final class Delivery implements Parcel {
    private static final Object NO_ITEM = new Object();

    private final Told told;
    private final Group group;
    private final Encoded encoded;
    /** Its item's id, or {@link #NO_ITEM}, once somebody wanted to know. Any thread may find it out. */
    private @Nullable Object item;

    /** A frame that {@code mark} is the first to include. */
    Delivery(Told told, Mark mark, Stamp stamp) {
        this.told = told;
        this.group = told.key().group();
        this.encoded = new Encoded(stamp, told.frame(), mark, Math.floorDiv(told.timestampMs(), 1_000L));
    }

    Group group() {
        return group;
    }

    byte[] wire(Form form) {
        return encoded.wire(form);
    }

    /** The same for somebody who has got further than all who have got just everything through this. */
    byte[] wire(Form form, Mark reached) {
        return encoded.wire(form, reached);
    }

    Json frame() {
        return told.frame();
    }

    /** How far those have got who have got everything through this. */
    Mark mark() {
        return encoded.mark();
    }

    /** How far those have got who have got everything before this. */
    Mark before() {
        Mark mark = encoded.mark();
        return isEvent() ? new Mark(mark.change(), told.offset() - 1) : new Mark(told.offset() - 1, mark.event());
    }

    long offset() {
        return told.offset();
    }

    boolean isEvent() {
        return told.source() == Source.EVENT;
    }

    /** Whether those lack it who have got as far as {@code mark}. */
    boolean isAfter(Mark mark) {
        return told.offset() > (isEvent() ? mark.event() : mark.change());
    }

    @Override
    public int bytes() {
        return told.frame().sizeBytes();
    }

    /** Null when it is for group subscriptions only. */
    @Nullable
    String itemId() {
        Object known = item;
        if (known == null) {
            String id = isEvent() ? eventId(told.frame()) : told.key().address().name();
            known = id == null ? NO_ITEM : id;
            item = known;
        }
        return known instanceof String id ? id : null;
    }

    /** An event's key names only its group. */
    private static @Nullable String eventId(Json frame) {
        JsonSpans fields = new JsonSpans(frame.utf8());
        while (fields.next()) {
            if (fields.named("id")) {
                Json id = fields.json();
                return id.isNull() ? null : id.tree().asString();
            }
        }
        return null;
    }
}
