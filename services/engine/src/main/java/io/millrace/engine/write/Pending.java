package io.millrace.engine.write;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Mutation;
import io.millrace.core.update.UpdateOp;
import java.util.List;

/**
 * A mutation that waits for its answer.
 *
 * @param key of its address, made on the caller's thread, which is not the only one of its kind
 * @param sizeBytes about how much memory it takes
 */
record Pending(Mutation mutation, RecordKey key, long deadlineMicros, int sizeBytes, Caller caller) {
    private static final int OP_BYTES = 64;

    static Pending of(Mutation mutation, long deadlineMicros, Caller caller) {
        int ask = switch (mutation.ask()) {
            case Mutation.Set set -> set.value().sizeBytes();
            case Mutation.Update update -> sizeBytes(update.ops());
            case Mutation.Delete ignored -> 0;
        };
        return new Pending(mutation, mutation.address().recordKey(), deadlineMicros, 256 + ask, caller);
    }

    private static int sizeBytes(List<UpdateOp> ops) {
        int bytes = 0;
        for (UpdateOp op : ops) {
            bytes += sizeBytes(op);
        }
        return bytes;
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
