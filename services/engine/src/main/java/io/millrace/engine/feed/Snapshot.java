package io.millrace.engine.feed;

import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Mark;
import io.millrace.engine.read.Cut;
import java.util.ArrayList;
import java.util.List;

/** A sync frame and where its snapshot ends; shared by all who wait for it. */
final class Snapshot {
    private final Encoded encoded;
    /** The last one that somebody wanted: they join in order. */
    private Encoded encodedFrom;

    private Snapshot(Encoded encoded) {
        this.encoded = encoded;
        this.encodedFrom = encoded;
    }

    /**
     * One that somebody else took: it says nothing about our log.
     *
     * @param since how far all had been told before it was asked for
     */
    static Snapshot provided(Json frame, Mark since, Stamp stamp, long seconds) {
        return new Snapshot(new Encoded(stamp, frame, since, seconds));
    }

    /**
     * Reads a cut to its end and closes it.
     *
     * @param since how far all had been told before anybody who gets it asked for it
     * @param seconds of the Unix epoch, before the cut was taken
     */
    static Snapshot of(Target target, Cut cut, Mark since, Stamp stamp, long seconds) {
        try (cut) {
            Json frame = target.itemId() == null ? group(target, cut) : item(target, target.itemId(), cut);
            Mark mark = new Mark(cut.position().offset(), since.event());
            return new Snapshot(new Encoded(stamp, frame, mark, seconds));
        }
    }

    // The cut's millisecond is at or after every one in it and before every later one, which clients of the original
    // need: they drop what is not later than the last frame of its item, and snapshots that are older than that.

    private static Json group(Target target, Cut cut) {
        List<Json> values = new ArrayList<>();
        while (cut.hasNext()) {
            values.add(cut.next().value());
        }
        return Frames.groupSync(target.group(), values, cut.version().timestampMs());
    }

    private static Json item(Target target, String itemId, Cut cut) {
        Json value = cut.hasNext() ? cut.next().value() : null;
        return Frames.itemSync(target.group(), itemId, value, cut.version().timestampMs());
    }

    /** The last change it includes, and the last event before it: those after that are still to come. */
    Mark mark() {
        return encoded.mark();
    }

    /**
     * The bytes, shared by all for whom what follows begins at the same place.
     *
     * @param from all that comes after it is to follow
     */
    byte[] wire(Form form, Mark from) {
        return form.hasCursor() ? at(from).wire(form) : encoded.wire(form);
    }

    private synchronized Encoded at(Mark from) {
        if (!from.equals(encodedFrom.mark())) {
            encodedFrom = encoded.at(from);
        }
        return encodedFrom;
    }
}
