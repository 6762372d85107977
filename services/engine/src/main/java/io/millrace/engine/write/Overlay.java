package io.millrace.engine.write;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Current;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What is committed and perhaps not yet in the store. Written by the writer's thread, read by all. An entry stays until
 * the store has applied the very offset of its write: not earlier, or a read would miss it.
 */
final class Overlay {
    private final ConcurrentSkipListMap<RecordKey, Held> held = new ConcurrentSkipListMap<>();
    private final ArrayDeque<Written> order = new ArrayDeque<>();

    void put(RecordKey key, Current current, long offset) {
        held.put(key, new Held(current, offset));
        order.addLast(new Written(key, offset));
    }

    @Nullable
    Current get(RecordKey key) {
        Held found = held.get(key);
        return found == null ? null : found.current();
    }

    /** Drops what the store has. */
    void prune(long appliedOffset) {
        Written oldest = order.peekFirst();
        while (oldest != null && oldest.offset() <= appliedOffset) {
            order.removeFirst();
            Held latest = held.get(oldest.key());
            if (latest != null && latest.offset() == oldest.offset()) {
                held.remove(oldest.key());
            }
            oldest = order.peekFirst();
        }
    }

    /** A copy of a range of keys. */
    NavigableMap<RecordKey, Current> copy(RecordKey from, @Nullable RecordKey to) {
        if (held.isEmpty()) {
            return Collections.emptyNavigableMap();
        }
        NavigableMap<RecordKey, Held> range =
                to == null ? held.tailMap(from, true) : held.subMap(from, true, to, false);
        TreeMap<RecordKey, Current> copy = new TreeMap<>();
        range.forEach((key, entry) -> copy.put(key, entry.current()));
        return copy;
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    /** How many writes the store has not confirmed. */
    int size() {
        return order.size();
    }

    private record Held(Current current, long offset) {}

    private record Written(RecordKey key, long offset) {}
}
