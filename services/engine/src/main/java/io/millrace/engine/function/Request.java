package io.millrace.engine.function;

import io.millrace.core.change.MutationId;
import io.millrace.core.change.Version;
import io.millrace.core.update.UpdateOp;
import io.millrace.core.update.UpdateOps;
import io.millrace.core.value.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The payload of a call, field by field. Unknown fields are ignored; null in an optional field is as good as no field.
 * Every method throws {@link MalformedRequestException} when a field is not what it should be.
 */
final class Request {
    private final BuiltIn function;
    private final Invocation invocation;
    private final FunctionLimits limits;
    private final JsonNode payload;

    Request(BuiltIn function, Invocation invocation, FunctionLimits limits) {
        this.function = function;
        this.invocation = invocation;
        this.limits = limits;
        this.payload = invocation.payload().tree();
        if (!payload.isObject()) {
            throw MalformedRequestException.invalidType(Unexpected.node(payload), "struct " + inputName(function.id()));
        }
    }

    /** The same call of another function. */
    Invocation passedOn(String functionId) {
        return new Invocation(
                functionId,
                invocation.payload(),
                invocation.deadline(),
                invocation.context().withMetadata(null));
    }

    Instant deadline() {
        return invocation.deadline();
    }

    @Nullable
    String traceParent() {
        return invocation.context().traceParent();
    }

    /** What the caller is told when the store cannot do it. */
    StoreFailure storeFailure() {
        return function.whenStoreFails();
    }

    /** A required name. */
    String name(String field) {
        return text(field, required(field));
    }

    /** A required name that may come under one of two names of its own. */
    String name(String field, String alias) {
        return text(field, required(field, alias));
    }

    /** An optional name. */
    @Nullable
    String optionalName(String field) {
        JsonNode found = optional(field);
        return found == null ? null : text(field, found);
    }

    /** A required value of any kind. Null is one. */
    Json value(String field) {
        return value(field, required(field));
    }

    /** A required value that may come under one of two names. */
    Json value(String field, String alias) {
        return value(field, required(field, alias));
    }

    /**
     * The required ops of an update.
     *
     * @throws io.millrace.core.update.MalformedOpException if one of them is not an op
     */
    List<UpdateOp> ops() {
        JsonNode ops = required("ops");
        if (ops.size() > limits.maxOps()) {
            throw MalformedRequestException.invalidLength(
                    ops.size(), "`ops` of at most " + limits.maxOps() + " elements");
        }
        // The list of ops and each op are two levels around the values that the limit is for.
        requireDepth("ops", ops, limits.maxValueDepth() + 2);
        return UpdateOps.read(ops);
    }

    /** The version the value must have, {@link Version#NONE} for none; null for any. */
    @Nullable
    Version ifVersion() {
        JsonNode found = optional("if_version");
        return found == null ? null : new Version(integer("if_version", found, 0, Version.MAX_MICROS));
    }

    /** The caller's idempotency key. */
    @Nullable
    MutationId mutationId() {
        JsonNode found = optional("mutation_id");
        if (found == null) {
            return null;
        }
        String text = string(found);
        int bytes = utf8Length(text);
        if (bytes < 1 || bytes > MutationId.MAX_BYTES) {
            throw MalformedRequestException.invalidLength(
                    bytes, "`mutation_id` of 1 to " + MutationId.MAX_BYTES + " bytes");
        }
        return new MutationId(text);
    }

    /** An optional integer within bounds. */
    @Nullable
    Integer optionalInteger(String field, int min, int max) {
        JsonNode found = optional(field);
        return found == null ? null : (int) integer(field, found, min, max);
    }

    /** An optional string of any length. */
    @Nullable
    String optionalText(String field) {
        JsonNode found = optional(field);
        return found == null ? null : string(found);
    }

    /** An optional yes or no; no when absent. */
    boolean flag(String field) {
        JsonNode found = optional(field);
        if (found == null) {
            return false;
        }
        if (!found.isBoolean()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), "a boolean");
        }
        return found.booleanValue();
    }

    /** Whether the caller rather has an older answer than none. */
    boolean staleOk() {
        return flag("stale_ok");
    }

    private JsonNode required(String field) {
        JsonNode found = payload.get(field);
        if (found == null) {
            throw new MalformedRequestException("missing field `" + field + "`");
        }
        return found;
    }

    private JsonNode required(String field, String alias) {
        JsonNode found = payload.get(alias);
        if (found == null) {
            return required(field);
        }
        if (payload.has(field)) {
            throw new MalformedRequestException("duplicate field `" + field + "`");
        }
        return found;
    }

    private @Nullable JsonNode optional(String field) {
        JsonNode found = payload.get(field);
        return found == null || found.isNull() ? null : found;
    }

    private String text(String field, JsonNode found) {
        String text = string(found);
        // No character takes more than three bytes: most names need no counting.
        if (text.length() * 3L > limits.maxNameBytes()) {
            int bytes = utf8Length(text);
            if (bytes > limits.maxNameBytes()) {
                throw MalformedRequestException.invalidLength(
                        bytes, "`" + field + "` of at most " + limits.maxNameBytes() + " bytes");
            }
        }
        return text;
    }

    private Json value(String field, JsonNode found) {
        requireDepth(field, found, limits.maxValueDepth());
        try {
            return Json.of(found);
        } catch (JacksonException e) {
            // Half a surrogate pair, which UTF-8 cannot hold.
            throw new MalformedRequestException("`" + field + "`: " + e.getOriginalMessage());
        }
    }

    private void requireDepth(String field, JsonNode found, int most) {
        if (isDeeper(found, most)) {
            throw new MalformedRequestException(
                    "`" + field + "` is nested too deep, expected at most " + limits.maxValueDepth() + " levels");
        }
    }

    private static boolean isDeeper(JsonNode node, int most) {
        if (!node.isContainer()) {
            return false;
        }
        if (most == 0) {
            return true;
        }
        for (JsonNode child : node) {
            if (isDeeper(child, most - 1)) {
                return true;
            }
        }
        return false;
    }

    private static String string(JsonNode found) {
        if (!found.isString()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), "a string");
        }
        return found.stringValue();
    }

    private static long integer(String field, JsonNode found, long min, long max) {
        String expected = "`" + field + "` of " + min + " to " + max;
        if (!found.isIntegralNumber()) {
            throw MalformedRequestException.invalidType(Unexpected.node(found), expected);
        }
        if (!found.canConvertToLong() || found.longValue() < min || found.longValue() > max) {
            throw MalformedRequestException.invalidValue(Unexpected.node(found), expected);
        }
        return found.longValue();
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** {@code state::list_groups} takes a {@code StateListGroupsInput}. */
    private static String inputName(String functionId) {
        StringBuilder name = new StringBuilder();
        for (String word : functionId.split("[^a-z]+", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return name.append("Input").toString();
    }
}
