package io.millrace.engine.function;

import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a function says about itself.
 *
 * @param id for instance {@code todos::create}
 * @param description one line for people
 * @param requestFormat JSON Schema of its payload
 * @param responseFormat JSON Schema of its result
 * @param metadata whatever its worker wants to be known; {@code "internal":true} hides it from listings
 */
public record FunctionDescription(
        String id,
        @Nullable String description,
        @Nullable Json requestFormat,
        @Nullable Json responseFormat,
        @Nullable Json metadata) {
    /** A function that only says what it is for. */
    public static FunctionDescription of(String id, String description) {
        return new FunctionDescription(id, description, null, null, null);
    }

    /** Whether listings leave it out unless asked for everything. */
    public boolean isInternal() {
        return metadata != null && metadata.tree().path("internal").asBoolean(false);
    }
}
