package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.engine.port.Tail.Told;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to follow.
 *
 * @param item null for the whole group
 */
record Wish(Group group, @Nullable String item) {
    boolean isFor(Told told) {
        return told.key().group().equals(group) && (item == null || item.equals(itemOf(told)));
    }

    /** Whether a frame is told for its sake, if no other subscription of the client wants it. */
    boolean isFor(Heard heard) {
        return heard.tree().path("streamName").asString().equals(group.streamName())
                && heard.tree().path("groupId").asString().equals(group.groupId())
                && (item == null || heard.tree().path("id").asString("").equals(item));
    }

    boolean overlaps(Wish other) {
        return group.equals(other.group) && (item == null || other.item == null || item.equals(other.item));
    }

    static @Nullable String itemOf(Told told) {
        return switch (told.source()) {
            case CHANGE -> told.key().address().name();
            case EVENT -> told.frame().tree().path("id").asString(null);
        };
    }

    /** The first record for it after an offset; null if there is none. */
    @Nullable
    Told firstAfter(NavigableMap<Long, Told> records, long offset) {
        for (Told told : records.tailMap(offset, false).values()) {
            if (isFor(told)) {
                return told;
            }
        }
        return null;
    }

    /** Whether there is a record for it in {@code (low, high]}. */
    boolean meets(NavigableMap<Long, Told> records, long low, long high) {
        Told first = firstAfter(records, low);
        return first != null && first.offset() <= high;
    }
}
