package io.millrace.core.update;

import io.millrace.core.value.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Update ops from the wire, and their evaluation. */
public final class UpdateOps {
    private UpdateOps() {}

    /**
     * Reads the {@code ops} array of a request.
     *
     * @throws MalformedOpException if any op is not one: nothing may be applied then
     */
    public static List<UpdateOp> read(JsonNode ops) {
        if (!ops.isArray()) {
            throw OpReader.invalidType(ops, "a sequence");
        }
        List<UpdateOp> read = new ArrayList<>(ops.size());
        for (JsonNode op : ops) {
            read.add(OpReader.read(op));
        }
        return List.copyOf(read);
    }

    /**
     * Applies ops in order. What they leave alone is shared with the old value, which is not changed.
     *
     * @param old the value before, or null where there is none (not JSON's null, which is a value)
     */
    public static Updated apply(@Nullable Json old, List<UpdateOp> ops) {
        Draft draft = new Draft(old);
        List<OpError> errors = new ArrayList<>();
        for (int i = 0; i < ops.size(); i++) {
            UpdateOp op = ops.get(i);
            Fault fault = apply(draft, op);
            if (fault == null) {
                draft.written();
            } else {
                errors.add(new OpError(i, op.name() + "." + fault.kind(), fault.message()));
            }
        }
        return new Updated(draft.value(), errors);
    }

    private static @Nullable Fault apply(Draft draft, UpdateOp op) {
        return switch (op) {
            case UpdateOp.Set set -> FieldOps.set(draft, set);
            case UpdateOp.Merge merge -> MergeOp.apply(draft, merge);
            case UpdateOp.Increment increment -> SumOps.increment(draft, increment);
            case UpdateOp.Decrement decrement -> SumOps.decrement(draft, decrement);
            case UpdateOp.Append append -> AppendOp.apply(draft, append);
            case UpdateOp.Remove remove -> FieldOps.remove(draft, remove);
        };
    }
}
