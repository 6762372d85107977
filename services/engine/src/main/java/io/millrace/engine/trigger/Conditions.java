package io.millrace.engine.trigger;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a {@code condition_function_id} says. Only a literal {@code false} keeps a function from being called. */
public final class Conditions {
    private Conditions() {}

    /** The answer. */
    public sealed interface Verdict {
        /** The function is to be called. */
        record Call() implements Verdict {}

        /** It is not. */
        record Skip() implements Verdict {}

        /** The condition itself failed. */
        record Failed(Outcome.Failure failure) implements Verdict {}
    }

    /**
     * Asks, or says yes if there is nobody to ask.
     *
     * @param conditionId the condition's function, if there is one
     * @param payload what the function would get
     */
    public static CompletionStage<Verdict> ask(
            Functions functions,
            @Nullable String conditionId,
            Json payload,
            Instant deadline,
            Invocation.Context context) {
        if (conditionId == null) {
            return CompletableFuture.completedStage(new Verdict.Call());
        }
        return functions
                .invoke(new Invocation(conditionId, payload, deadline, context.withMetadata(null)))
                .thenApply(outcome -> switch (outcome) {
                    case Outcome.Result(Json value) ->
                        value.sizeBytes() == 5 && value.tree().isBoolean() ? new Verdict.Skip() : new Verdict.Call();
                    case Outcome.NoResult ignored -> new Verdict.Call();
                    case Outcome.Failure failure -> new Verdict.Failed(failure);
                });
    }

    /**
     * The condition's function as a config names it.
     *
     * @throws TriggerRefusedException if it is no string
     */
    public static @Nullable String of(JsonNode config) {
        JsonNode found = config.path("condition_function_id");
        if (found.isMissingNode() || found.isNull()) {
            return null;
        }
        if (!found.isString()) {
            throw new TriggerRefusedException("condition_function_id must be a string");
        }
        return found.stringValue();
    }
}
