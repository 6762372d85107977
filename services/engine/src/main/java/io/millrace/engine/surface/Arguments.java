package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.MalformedRequestException;
import io.millrace.engine.function.Unexpected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The payload of a call, field by field. Unknown fields are ignored; null in an optional field is as good as no field, and
 * null as payload as good as {@code {}}. A field that is not what it should be is a {@link MalformedRequestException}.
 */
record Arguments(JsonNode payload, Invocation.Context context, Instant deadline) {
    static Arguments of(Invocation invocation) {
        JsonNode payload = invocation.payload().tree();
        if (!payload.isObject() && !payload.isNull()) {
            throw MalformedRequestException.invalidType(Unexpected.node(payload), "a map");
        }
        return new Arguments(
                payload.isNull() ? JsonNodeFactory.instance.objectNode() : payload,
                invocation.context(),
                invocation.deadline());
    }

    /** A required string. */
    String text(String field) {
        String found = optionalText(field);
        if (found == null) {
            throw new MalformedRequestException("missing field `" + field + "`");
        }
        return found;
    }

    @Nullable
    String optionalText(String field) {
        JsonNode found = node(field);
        return found == null ? null : string(found);
    }

    /** A yes or no; no when absent. */
    boolean flag(String field) {
        JsonNode found = node(field);
        if (found != null && !found.isBoolean()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), "a boolean");
        }
        return found != null && found.booleanValue();
    }

    /** A whole number, cut to the bounds. */
    long number(String field, long absent, long min, long max) {
        JsonNode found = node(field);
        if (found == null) {
            return absent;
        }
        if (!found.isIntegralNumber() || !found.canConvertToLong()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), "an integer");
        }
        return Math.clamp(found.longValue(), min, max);
    }

    @Nullable
    List<String> optionalTexts(String field) {
        JsonNode found = node(field);
        if (found == null) {
            return null;
        }
        if (!found.isArray()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), "a sequence");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : found) {
            texts.add(string(element));
        }
        return texts;
    }

    /** Any value; null when absent. */
    Json value(String field) {
        JsonNode found = node(field);
        return found == null ? Json.NULL : Json.of(found);
    }

    /** Any value but null. */
    @Nullable
    Json optionalValue(String field) {
        JsonNode found = node(field);
        return found == null ? null : Json.of(found);
    }

    private @Nullable JsonNode node(String field) {
        JsonNode found = payload.get(field);
        return found == null || found.isNull() ? null : found;
    }

    private static String string(JsonNode found) {
        if (!found.isString()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), "a string");
        }
        return found.stringValue();
    }
}
