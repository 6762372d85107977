package io.millrace.engine.write;

import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.FencedException;
import io.millrace.engine.port.InDoubtException;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an owner before this one may still answer reads. A fence ends its writes at once, but reads ask nobody: they are
 * answered as long as the lease is held. So who takes over waits that long, unless the one before has said in the log that it
 * has finished, or it was this very writer.
 */
final class Handover {
    private final long servedSince;
    private final long barrierOffset;
    private @Nullable ChangeRecord last;
    private boolean others;

    /**
     * Nothing has been read yet.
     *
     * @param servedSince the barrier since which this writer served before; -1 if it never did
     * @param barrierOffset its new one
     */
    Handover(long servedSince, long barrierOffset) {
        this.servedSince = servedSince;
        this.barrierOffset = barrierOffset;
    }

    /** Takes in one committed record of the tail, in order. */
    void read(long offset, ChangeRecord record) {
        if (offset < barrierOffset) {
            last = record;
            others |= offset > servedSince && record.key().isBarrier();
        }
    }

    /** Whether nobody else answers reads any more. */
    boolean isOver() {
        ChangeRecord before = last;
        boolean finished = before == null || before.isRelease();
        return finished || (servedSince >= 0 && !others);
    }

    /** Says that this writer has finished, as its last word. If that fails, the next one waits. */
    static void release(PartitionLog log, long nowMs) {
        try {
            log.append(List.of(ChangeRecord.release()), nowMs);
            log.commit();
        } catch (FencedException | InDoubtException | LogUnavailableException e) {
            // The next owner is there already, or will not find the word.
        }
    }
}
