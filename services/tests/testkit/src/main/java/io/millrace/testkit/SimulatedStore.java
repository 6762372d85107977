package io.millrace.testkit;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.StoreClosedException;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A copy of a partition that follows some time behind. */
final class SimulatedStore implements StateStore {
    private final SimulatedPartition partition;
    private final boolean honest;
    private final TreeMap<RecordKey, Json> frames;
    private long nextOffset;
    private long currentMs;
    private boolean closed;

    /** A copy that begins with what a node found on its disk. */
    SimulatedStore(SimulatedPartition partition, boolean honest, long fromOffset) {
        this.partition = partition;
        this.honest = honest;
        this.nextOffset = fromOffset;
        this.frames = new TreeMap<>(partition.fold(fromOffset - 1));
    }

    /** Applies at most so many offsets more. */
    void follow(int atMost) {
        follow(atMost, currentMs);
    }

    /** The same at a time. */
    void follow(int atMost, long nowMs) {
        long end = Math.min(partition.lastStableOffset(), nextOffset + atMost);
        currentMs = end == partition.lastStableOffset() ? nowMs : currentMs;
        while (nextOffset < end) {
            ChangeRecord record = partition.committedAt(nextOffset);
            nextOffset++;
            if (record == null) {
                continue;
            }
            Json frame = record.frame();
            if (frame == null) {
                frames.remove(record.key());
            } else {
                frames.put(record.key(), frame);
            }
        }
    }

    /** When it lacked nothing last, 0 if never. */
    long currentMs() {
        return currentMs;
    }

    void close() {
        closed = true;
    }

    /** The first offset not applied. */
    long nextOffset() {
        return nextOffset;
    }

    NavigableMap<RecordKey, Json> frames() {
        return frames;
    }

    @Override
    public long appliedOffset() {
        return honest ? nextOffset - 1 : Long.MAX_VALUE;
    }

    @Override
    public @Nullable Json get(RecordKey key) {
        check();
        return frames.get(key);
    }

    @Override
    public Rows scan(RecordKey from, @Nullable RecordKey to) {
        check();
        NavigableMap<RecordKey, Json> range =
                to == null ? frames.tailMap(from, true) : frames.subMap(from, true, to, false);
        return new Snapshot(new TreeMap<>(range).entrySet().iterator());
    }

    private void check() {
        if (closed) {
            throw new StoreClosedException("partition " + partition.number(), null);
        }
    }

    private final class Snapshot implements Rows {
        private final Iterator<Map.Entry<RecordKey, Json>> entries;

        Snapshot(Iterator<Map.Entry<RecordKey, Json>> entries) {
            this.entries = entries;
        }

        @Override
        public boolean hasNext() {
            check();
            return entries.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Map.Entry<RecordKey, Json> entry = entries.next();
            return new Row(entry.getKey(), entry.getValue());
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
