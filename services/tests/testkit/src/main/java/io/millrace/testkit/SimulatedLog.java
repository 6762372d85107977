package io.millrace.testkit;

import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.InDoubtException;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog;
import java.util.List;

/** A producer of one partition that loses requests and answers, as long as the world is not healed. */
final class SimulatedLog implements PartitionLog {
    private static final int RARELY = 40;
    private static final int LAST_ONES = 8;

    private final Simulation simulation;
    private final SimulatedPartition partition;
    private final Faults faults;
    private int epoch;

    SimulatedLog(Simulation simulation, SimulatedPartition partition, Faults faults) {
        this.simulation = simulation;
        this.partition = partition;
        this.faults = faults;
    }

    @Override
    public void fence() {
        if (trouble()) {
            throw new LogUnavailableException("no answer to the fence", new IllegalStateException("planned"));
        }
        epoch = partition.fence();
    }

    @Override
    public Offsets append(List<ChangeRecord> records, long nowMs) {
        if (trouble()) {
            throw inDoubt("the records were lost");
        }
        long first = partition.append(epoch, records, nowMs);
        if (trouble()) {
            throw inDoubt("the acknowledgement of the records was lost");
        }
        return index -> first + index;
    }

    @Override
    public void commit() {
        if (trouble()) {
            throw inDoubt("the commit was lost");
        }
        partition.commit(epoch);
        if (trouble()) {
            throw inDoubt("the acknowledgement of the commit was lost");
        }
    }

    @Override
    public void replay(long sinceMs, int maxRecords, long through, Visitor visitor) {
        long from = Math.max(0, through - LAST_ONES);
        while (from > 0 && partition.writtenMs(from - 1) >= sinceMs) {
            from--;
        }
        for (long offset = from; offset <= through; offset++) {
            if (oneIn(RARELY * 10)) {
                throw new LogUnavailableException("lost while reading", new IllegalStateException("planned"));
            }
            ChangeRecord record = partition.committedAt(offset);
            if (record != null) {
                visitor.visit(offset, record);
            }
        }
    }

    @Override
    public void close() {
        // An open transaction is left to be: the next fence aborts it.
    }

    private boolean trouble() {
        return oneIn(RARELY);
    }

    private boolean oneIn(int n) {
        return !faults.healed() && simulation.oneIn(n);
    }

    private static InDoubtException inDoubt(String what) {
        return new InDoubtException(what, new IllegalStateException("planned"));
    }
}
