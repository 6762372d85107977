package io.millrace.core.update;

import io.millrace.core.value.Json;
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
        if (ops.isArray() && ops.isEmpty()) {
            return List.of();
        }
        throw new MalformedOpException("not yet: " + ops);
    }

    /**
     * Applies ops in order.
     *
     * @param old the value before, or null where there is none (not JSON's null, which is a value)
     */
    public static Updated apply(@Nullable Json old, List<UpdateOp> ops) {
        if (old != null && ops.isEmpty()) {
            return new Updated(old, List.of());
        }
        throw new MalformedOpException("not yet");
    }
}
