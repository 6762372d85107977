package io.millrace.engine.function;

import io.millrace.core.value.Json;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The payload of a call of one of our own functions, field by field. Unknown fields are ignored; null in an optional field
 * is as good as no field. Where a field is not what it should be, the caller gets a {@code deserialization_error}: no
 * method returns then.
 */
public final class Payload {
    private final Invocation invocation;
    private final JsonNode tree;

    private Payload(Invocation invocation) {
        this.invocation = invocation;
        this.tree = invocation.payload().tree();
        if (!tree.isObject()) {
            throw MalformedRequestException.invalidType(Unexpected.node(tree), "a map");
        }
    }

    /** What a function does with its payload. */
    @FunctionalInterface
    public interface Call {
        /** Does it. A stage that fails becomes the function's failure. */
        CompletionStage<Outcome> on(Payload payload);
    }

    /**
     * A function that reads its payload field by field.
     *
     * @param failureCode what the caller gets when {@code call} throws or its stage fails, which may pass
     */
    public static LocalFunction function(String id, String description, String failureCode, Call call) {
        return new LocalFunction(FunctionDescription.of(id, description), invocation -> {
            StoreFailure failed = new StoreFailure(failureCode, id);
            try {
                return call.on(new Payload(invocation))
                        .handle((outcome, failure) -> failure == null ? outcome : failed.because(failure));
            } catch (MalformedRequestException e) {
                return CompletableFuture.completedStage(new Outcome.Failure(
                        "deserialization_error", "Failed to deserialize input for " + id + ": " + e.getMessage()));
            } catch (RuntimeException e) {
                return CompletableFuture.completedStage(failed.because(e));
            }
        });
    }

    /** The call it belongs to. */
    public Invocation invocation() {
        return invocation;
    }

    /** A required text. */
    public String text(String field) {
        return string(required(field));
    }

    /** An optional text. */
    public @Nullable String optionalText(String field) {
        JsonNode found = optional(field);
        return found == null ? null : string(found);
    }

    /** A required value of any kind. Null is one. */
    public Json value(String field) {
        return Json.of(required(field));
    }

    /** An optional whole number within bounds. */
    public int integer(String field, int min, int max, int fallback) {
        JsonNode found = optional(field);
        if (found == null) {
            return fallback;
        }
        String expected = "`" + field + "` of " + min + " to " + max;
        if (!found.isIntegralNumber()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), expected);
        }
        if (!found.canConvertToInt() || found.intValue() < min || found.intValue() > max) {
            throw MalformedRequestException.invalidValue(Unexpected.node(found), expected);
        }
        return found.intValue();
    }

    private JsonNode required(String field) {
        JsonNode found = tree.get(field);
        if (found == null) {
            throw new MalformedRequestException("missing field `" + field + "`");
        }
        return found;
    }

    private @Nullable JsonNode optional(String field) {
        JsonNode found = tree.get(field);
        return found == null || found.isNull() ? null : found;
    }

    private static String string(JsonNode found) {
        if (!found.isString()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), "a string");
        }
        return found.stringValue();
    }
}
