package io.millrace.engine.route;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.value.Json;
import io.millrace.engine.port.FencedException;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The log of a partition, its writers of which the last counts, and copies that are as far on as they are told to be. */
final class MemoryLog {
    private final List<ChangeRecord> records = new ArrayList<>();
    private int epoch;

    /** How many records there are. */
    long end() {
        return records.size();
    }

    PartitionLog writer() {
        return new Writer();
    }

    /** A copy that has everything, always. */
    Copy current() {
        return new Copy(Long.MAX_VALUE);
    }

    /** A copy that lacks everything from an offset on. */
    Copy before(long offset) {
        return new Copy(offset);
    }

    private final class Writer implements PartitionLog {
        private int own;
        private List<ChangeRecord> open = List.of();

        @Override
        public void fence() {
            epoch++;
            own = epoch;
        }

        @Override
        public Offsets append(List<ChangeRecord> more, long nowMs) {
            check();
            open = more;
            long first = records.size();
            return index -> first + index;
        }

        @Override
        public void commit() {
            check();
            records.addAll(open);
            open = List.of();
        }

        private void check() {
            if (own != epoch) {
                throw new FencedException("epoch " + own, new IllegalStateException("fenced"));
            }
        }

        @Override
        public void replay(long sinceMs, int maxRecords, long through, Visitor visitor) {
            for (int offset = 0; offset <= through; offset++) {
                visitor.visit(offset, records.get(offset));
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** The fold of the log. */
    final class Copy implements StateStore {
        private final long end;
        int open;

        private Copy(long end) {
            this.end = end;
        }

        private NavigableMap<RecordKey, Json> fold() {
            NavigableMap<RecordKey, Json> fold = new TreeMap<>();
            for (int offset = 0; offset <= appliedOffset(); offset++) {
                Json frame = records.get(offset).frame();
                if (frame == null) {
                    fold.remove(records.get(offset).key());
                } else {
                    fold.put(records.get(offset).key(), frame);
                }
            }
            return fold;
        }

        @Override
        public long appliedOffset() {
            return Math.min(end, records.size()) - 1;
        }

        @Override
        public @Nullable Json get(RecordKey key) {
            return fold().get(key);
        }

        @Override
        public Rows scan(RecordKey from, @Nullable RecordKey to) {
            NavigableMap<RecordKey, Json> all = fold();
            Iterator<Map.Entry<RecordKey, Json>> rows = (to == null
                            ? all.tailMap(from, true)
                            : all.subMap(from, true, to, false))
                    .entrySet()
                    .iterator();
            open++;
            return new Rows() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public Row next() {
                    Map.Entry<RecordKey, Json> row = rows.next();
                    return new Row(row.getKey(), row.getValue());
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }
    }
}
