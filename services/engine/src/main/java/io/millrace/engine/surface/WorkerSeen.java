package io.millrace.engine.surface;

import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.WorkerInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A connected worker as it is listed.
 *
 * @param address where it is connected from
 * @param functions how many it serves
 * @param inFlight how many calls it has not answered
 */
public record WorkerSeen(
        String id,
        WorkerInfo info,
        Instant connectedAt,
        @Nullable String address,
        int functions,
        int inFlight) {
    /** A worker of this node as it is now. */
    public static WorkerSeen of(Worker worker) {
        return new WorkerSeen(
                worker.id(),
                worker.info(),
                worker.connectedAt(),
                worker.address(),
                worker.functions().size(),
                worker.inFlight());
    }
}
