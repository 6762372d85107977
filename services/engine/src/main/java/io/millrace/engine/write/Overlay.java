package io.millrace.engine.write;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Current;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is committed and perhaps not yet in the store. Written by the writer's thread, read by all. An entry stays until
 * the store has applied the very offset of its write: not earlier, or a read would miss it. It may stay longer, and does
 * while there is room, since what was written lately is soon read again.
 */
final class Overlay {
    private static final int ENTRY_BYTES = 160;

    private final long keptBytes;
    private final ConcurrentHashMap<RecordKey, Held> held = new ConcurrentHashMap<>();
    /** Before the oldest and after the newest: entries hang together in the order of their offsets. */
    private final Held ends = new Held(RecordKey.BARRIER, Current.MISSING);
    /** The oldest that the store has not confirmed; {@link #ends} when there is none. */
    private Held unconfirmed = ends;

    private int unconfirmedCount;
    private long confirmedBytes;

    /**
     * An empty one.
     *
     * @param keptBytes about how much memory entries may take that the store has confirmed
     */
    Overlay(long keptBytes) {
        this.keptBytes = keptBytes;
    }

    /** Takes in a write. Offsets only rise. */
    void put(RecordKey key, Current current, long offset) {
        Held entry = held.get(key);
        if (entry == null) {
            entry = new Held(key, current);
            held.put(key, entry);
        } else {
            leave(entry);
            entry.current = current;
        }
        entry.offset = offset;
        entry.append(ends);
        unconfirmedCount++;
        if (unconfirmed == ends) {
            unconfirmed = entry;
        }
    }

    @Nullable
    Current get(RecordKey key) {
        Held found = held.get(key);
        return found == null ? null : found.current;
    }

    /** Takes notice of what the store has, and drops the oldest of it that there is no room for. */
    void prune(long appliedOffset) {
        while (unconfirmed != ends && unconfirmed.offset <= appliedOffset) {
            confirmedBytes += unconfirmed.sizeBytes();
            unconfirmedCount--;
            unconfirmed = unconfirmed.next;
        }
        while (confirmedBytes > keptBytes) {
            Held oldest = ends.next;
            held.remove(oldest.key);
            leave(oldest);
        }
    }

    /** Forgets everything, once the store has all that was ever put in. */
    void clear() {
        held.clear();
        ends.next = ends;
        ends.previous = ends;
        unconfirmed = ends;
        unconfirmedCount = 0;
        confirmedBytes = 0;
    }

    /** A copy of a range of keys, without what the store has confirmed. Only for the writer's thread. */
    NavigableMap<RecordKey, Current> copy(RecordKey from, @Nullable RecordKey to) {
        if (unconfirmed == ends) {
            return Collections.emptyNavigableMap();
        }
        TreeMap<RecordKey, Current> copy = new TreeMap<>();
        for (Held entry = unconfirmed; entry != ends; entry = entry.next) {
            if (entry.key.compareTo(from) >= 0 && (to == null || entry.key.compareTo(to) < 0)) {
                copy.put(entry.key, entry.current);
            }
        }
        return copy;
    }

    /** Whether the store has everything. */
    boolean isConfirmed() {
        return unconfirmedCount == 0;
    }

    /** How many addresses have a write that the store has not confirmed. */
    int unconfirmed() {
        return unconfirmedCount;
    }

    private void leave(Held entry) {
        // Confirmed ones come before the first that is not, and offsets say which side this is on.
        if (unconfirmed == ends || entry.offset < unconfirmed.offset) {
            confirmedBytes -= entry.sizeBytes();
        } else {
            unconfirmedCount--;
            if (unconfirmed == entry) {
                unconfirmed = entry.next;
            }
        }
        entry.unlink();
    }

    /** One address. Only {@link #current} is for other threads than the writer's. */
    private static final class Held {
        private final RecordKey key;
        private volatile Current current;
        private long offset = -1;
        private Held previous = this;
        private Held next = this;

        Held(RecordKey key, Current current) {
            this.key = key;
            this.current = current;
        }

        void append(Held ends) {
            previous = ends.previous;
            next = ends;
            previous.next = this;
            ends.previous = this;
        }

        void unlink() {
            previous.next = next;
            next.previous = previous;
        }

        int sizeBytes() {
            return ENTRY_BYTES
                    + key.array().length
                    + switch (current) {
                        case Current.Present present -> present.value().sizeBytes();
                        case Current.Missing ignored -> 0;
                    };
        }
    }
}
