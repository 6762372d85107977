package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.MalformedRequestException;
import io.millrace.engine.function.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Makes functions of what is asked and answered. */
final class Asked {
    private Asked() {}

    /** What is asked cannot be had. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String code;

        Refused(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }

        static Refused notFound(String what, String id) {
            return new Refused("NOT_FOUND", what + " '" + id + "' not found");
        }
    }

    /**
     * A function that answers at once.
     *
     * @param fields of its payload, see {@link Format}
     */
    static LocalFunction now(String id, String description, Function<Arguments, JsonNode> answer, String... fields) {
        return later(
                id,
                description,
                arguments -> CompletableFuture.completedStage(new Outcome.Result(Json.of(answer.apply(arguments)))),
                fields);
    }

    /**
     * A function that answers when it can.
     *
     * @param fields of its payload, see {@link Format}
     */
    static LocalFunction later(
            String id, String description, Function<Arguments, CompletionStage<Outcome>> answer, String... fields) {
        return new LocalFunction(
                new FunctionDescription(id, description, Format.of(fields), null, null),
                invocation -> answer(id, invocation, answer));
    }

    private static CompletionStage<Outcome> answer(
            String id, Invocation invocation, Function<Arguments, CompletionStage<Outcome>> answer) {
        try {
            return answer.apply(Arguments.of(invocation));
        } catch (RuntimeException e) {
            return CompletableFuture.completedStage(failure(id, e));
        }
    }

    /** The same for what is found out later. */
    static Outcome outcome(String id, Supplier<Outcome> answer) {
        try {
            return answer.get();
        } catch (RuntimeException e) {
            return failure(id, e);
        }
    }

    private static Outcome failure(String id, RuntimeException why) {
        return switch (why) {
            case MalformedRequestException e ->
                new Outcome.Failure(
                        "deserialization_error", "Failed to deserialize input for " + id + ": " + e.getMessage());
            case Refused e -> new Outcome.Failure(e.code, String.valueOf(e.getMessage()));
            case RuntimeException e -> new Outcome.Failure("internal_error", id + ": " + e);
        };
    }
}
