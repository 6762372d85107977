package io.millrace.core.change;

import io.millrace.core.address.Address;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.value.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for one address.
 *
 * @param ifVersion only if the value has this version, {@link Version#NONE} for "must not exist"; null for any
 * @param traceParent the caller's W3C trace context, written to the record as it is; null for none
 */
public record Mutation(
        Address address,
        Ask ask,
        MutationId id,
        @Nullable Version ifVersion,
        @Nullable String traceParent) {
    /** What is to become of the value. */
    public sealed interface Ask {}

    /** Make it this. */
    public record Set(Json value) implements Ask {}

    /** Make of it what these ops make of it. */
    public record Update(List<UpdateOp> ops) implements Ask {
        /** Copies the ops. */
        public Update {
            ops = List.copyOf(ops);
        }
    }

    /** Make it missing. */
    public record Delete() implements Ask {}

    /** A mutation with neither condition nor trace. */
    public static Mutation of(Address address, Ask ask, MutationId id) {
        return new Mutation(address, ask, id, null, null);
    }
}
