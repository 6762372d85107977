package io.millrace.testkit;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.value.Json;
import io.millrace.engine.port.FencedException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a change topic as the broker keeps it: records of transactions that are open, committed or aborted,
 * markers that take an offset each, and the epoch that fences.
 */
public final class SimulatedPartition {
    private final Space space;
    private final int number;
    private final boolean fencing;
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable Transaction open;
    private int epoch;

    SimulatedPartition(Space space, int number, boolean fencing) {
        this.space = space;
        this.number = number;
        this.fencing = fencing;
    }

    /** The family of its addresses. */
    public Space space() {
        return space;
    }

    /** Its number within its topic. */
    public int number() {
        return number;
    }

    int fence() {
        epoch++;
        if (open != null) {
            end(open, State.ABORTED);
        }
        return epoch;
    }

    long append(int producerEpoch, List<ChangeRecord> records, long nowMs) {
        check(producerEpoch);
        Transaction transaction = open == null ? new Transaction(producerEpoch) : open;
        open = transaction;
        long first = entries.size();
        records.forEach(record -> entries.add(new Entry(transaction, record, nowMs)));
        return first;
    }

    void commit(int producerEpoch) {
        check(producerEpoch);
        if (open != null) {
            end(open, State.COMMITTED);
        }
    }

    private void check(int producerEpoch) {
        if (fencing && producerEpoch != epoch) {
            throw new FencedException(
                    "epoch " + producerEpoch + " (expected: " + epoch + ")", new IllegalStateException("fenced"));
        }
    }

    private void end(Transaction transaction, State state) {
        transaction.state = state;
        entries.add(new Entry(transaction, null, entries.getLast().writtenMs()));
        open = null;
    }

    /** The first offset that readers of committed records must not pass. */
    public long lastStableOffset() {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).transaction().state != State.OPEN) {
                return i + 1L;
            }
        }
        return 0;
    }

    /** What a reader of committed records gets at an offset: null for markers and aborted records. */
    public @Nullable ChangeRecord committedAt(long offset) {
        Entry entry = entries.get((int) offset);
        return entry.transaction().state == State.COMMITTED ? entry.record() : null;
    }

    /** When the record at an offset was written, milliseconds since 1970. */
    long writtenMs(long offset) {
        return entries.get((int) offset).writtenMs();
    }

    /** Which owner, counted from 1, wrote the record at an offset. */
    public int epochAt(long offset) {
        return entries.get((int) offset).transaction().epoch;
    }

    /** All committed records, in order. */
    public List<Committed> committed() {
        return committed(lastStableOffset() - 1);
    }

    /** All committed records up to an offset, in order. */
    public List<Committed> committed(long through) {
        List<Committed> read = new ArrayList<>();
        for (long offset = 0; offset <= through; offset++) {
            ChangeRecord record = committedAt(offset);
            if (record != null) {
                read.add(new Committed(offset, epochAt(offset), record));
            }
        }
        return read;
    }

    /** The latest frame of each key up to an offset: what a store must hold. */
    public NavigableMap<RecordKey, Json> fold(long through) {
        TreeMap<RecordKey, Json> folded = new TreeMap<>();
        for (Committed committed : committed(through)) {
            Json frame = committed.record().frame();
            if (frame == null) {
                folded.remove(committed.record().key());
            } else {
                folded.put(committed.record().key(), frame);
            }
        }
        return folded;
    }

    /** A committed record, its offset and its writer's epoch. */
    public record Committed(long offset, int epoch, ChangeRecord record) {}

    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private static final class Transaction {
        private final int epoch;
        private State state = State.OPEN;

        Transaction(int epoch) {
            this.epoch = epoch;
        }
    }

    private record Entry(Transaction transaction, @Nullable ChangeRecord record, long writtenMs) {}
}
