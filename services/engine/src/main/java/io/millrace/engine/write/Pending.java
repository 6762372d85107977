package io.millrace.engine.write;

import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import io.millrace.core.update.UpdateOp;
import java.util.concurrent.CompletableFuture;

/** A mutation that waits for its answer. */
record Pending(Mutation mutation, long deadlineMicros, CompletableFuture<Reply> answer) {
    private static final int OP_BYTES = 64;

    /** About how much memory it takes. */
    int sizeBytes() {
        int ask = switch (mutation.ask()) {
            case Mutation.Set set -> set.value().sizeBytes();
            case Mutation.Update update ->
                update.ops().stream().mapToInt(Pending::sizeBytes).sum();
            case Mutation.Delete ignored -> 0;
        };
        return 256 + ask;
    }

    private static int sizeBytes(UpdateOp op) {
        return switch (op) {
            case UpdateOp.Set set -> OP_BYTES + set.value().sizeBytes();
            case UpdateOp.Merge merge -> OP_BYTES + merge.value().sizeBytes();
            case UpdateOp.Append append -> OP_BYTES + append.value().sizeBytes();
            case UpdateOp.Increment ignored -> OP_BYTES;
            case UpdateOp.Decrement ignored -> OP_BYTES;
            case UpdateOp.Remove ignored -> OP_BYTES;
        };
    }
}
