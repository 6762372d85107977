package io.millrace.engine.function;

import io.millrace.core.address.Address;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.write.Mutations;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Set, update and delete, which are the same for state and streams. */
final class Writes {
    private final Mutations mutations;
    private final Supplier<MutationId> newIds;
    private final FunctionLimits limits;

    Writes(Mutations mutations, Supplier<MutationId> newIds, FunctionLimits limits) {
        this.mutations = mutations;
        this.newIds = newIds;
        this.limits = limits;
    }

    CompletionStage<Outcome> set(Request request, Address address, Json value) {
        if (value.sizeBytes() > limits.maxValueBytes()) {
            return CompletableFuture.completedStage(tooLarge(value.sizeBytes(), limits.maxValueBytes()));
        }
        return submit(request, address, new Mutation.Set(value), Results::written);
    }

    CompletionStage<Outcome> update(Request request, Address address) {
        return submit(request, address, new Mutation.Update(request.ops()), Results::written);
    }

    CompletionStage<Outcome> delete(Request request, Address address, Function<Reply.Done, Outcome> result) {
        return submit(request, address, new Mutation.Delete(), result);
    }

    private CompletionStage<Outcome> submit(
            Request request, Address address, Mutation.Ask ask, Function<Reply.Done, Outcome> result) {
        MutationId given = request.mutationId();
        MutationId id = given == null ? newIds.get() : given;
        Version ifVersion = request.ifVersion();
        return mutations
                .submit(new Mutation(address, ask, id, ifVersion, request.traceParent()), request.deadline())
                .thenApply(reply -> switch (reply) {
                    case Reply.Done done -> result.apply(done);
                    case Reply.VersionConflict conflict -> conflict(ifVersion, conflict.current());
                    case Reply.ValueTooLarge large -> tooLarge(large.sizeBytes(), large.limitBytes());
                });
    }

    static Outcome tooLarge(int sizeBytes, int limitBytes) {
        return new Outcome.Failure(
                "VALUE_TOO_LARGE",
                "value of " + sizeBytes + " bytes exceeds the configured max_value_bytes limit of " + limitBytes);
    }

    private static Outcome conflict(@Nullable Version expected, Version current) {
        return new Outcome.Failure(
                "VERSION_CONFLICT", "expected " + named(expected) + ", current is " + named(current), false, current);
    }

    private static String named(@Nullable Version version) {
        return version == null || version.equals(Version.NONE) ? "no value" : "version " + version;
    }
}
