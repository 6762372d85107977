package io.millrace.engine.function;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.engine.read.Reads;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Gets values, which is the same for state and streams. */
final class Gets {
    private final Reads reads;
    private final Executor executor;

    /** Snapshots are looked at on {@code executor}, never on the thread that took them. */
    Gets(Reads reads, Executor executor) {
        this.reads = reads;
        this.executor = executor;
    }

    CompletionStage<Outcome> get(Request request, Address address) {
        if (!request.staleOk()) {
            return reads.get(address, request.deadline()).thenApply(Results::got);
        }
        RecordKey key = address.recordKey();
        // No key lies between a key and the same with a zero byte more.
        RecordKey after = RecordKey.ofBytes(Arrays.copyOf(key.array(), key.array().length + 1));
        return reads.cutOrCopy(address.unit(), key, after, request.deadline()).thenApplyAsync(Results::seen, executor);
    }
}
