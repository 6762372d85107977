package io.millrace.core.update;

import io.millrace.core.value.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one op from the wire. Its complaints are worded as callers of the original know them. */
final class OpReader {
    private static final String TYPES = "`set`, `merge`, `increment`, `decrement`, `append`, `remove`";

    private OpReader() {}

    static UpdateOp read(JsonNode wire) {
        if (!(wire instanceof ObjectNode op)) {
            throw invalidType(wire, "internally tagged enum UpdateOp");
        }
        String type = string(required(op, "type"));
        return switch (type) {
            case "set" -> new UpdateOp.Set(field(op), op.has("value") ? Json.of(op.path("value")) : Json.NULL);
            case "merge" -> new UpdateOp.Merge(path(op.get("path")), Json.of(required(op, "value")));
            case "increment" -> new UpdateOp.Increment(field(op), by(op));
            case "decrement" -> new UpdateOp.Decrement(field(op), by(op));
            case "append" -> new UpdateOp.Append(path(op.get("path")), Json.of(required(op, "value")));
            case "remove" -> new UpdateOp.Remove(field(op));
            default -> throw new MalformedOpException("unknown variant `" + type + "`, expected one of " + TYPES);
        };
    }

    static MalformedOpException invalidType(JsonNode found, String expected) {
        return new MalformedOpException("invalid type: " + unexpected(found) + ", expected " + expected);
    }

    /** The path of an op that takes the root or one field. */
    private static String field(ObjectNode op) {
        return string(required(op, "path"));
    }

    /** The path of an op that walks: a string is one segment, and nothing is the root. */
    private static List<String> path(@Nullable JsonNode path) {
        if (path == null || path.isNull()) {
            return List.of();
        }
        if (path.isString()) {
            return path.stringValue().isEmpty() ? List.of() : List.of(path.stringValue());
        }
        List<String> segments = new ArrayList<>();
        boolean walks = path.isArray();
        for (JsonNode segment : path) {
            walks &= segment.isString();
            segments.add(segment.isString() ? segment.stringValue() : "");
        }
        if (!walks) {
            throw new MalformedOpException("data did not match any variant of untagged enum MergePath");
        }
        return segments;
    }

    private static long by(ObjectNode op) {
        JsonNode by = required(op, "by");
        if (!by.isIntegralNumber()) {
            throw invalidType(by, "i64");
        }
        BigInteger exact = by.bigIntegerValue();
        if (exact.bitLength() > 63) {
            throw new MalformedOpException("invalid value: " + unexpected(by) + ", expected i64");
        }
        return exact.longValue();
    }

    private static JsonNode required(ObjectNode op, String name) {
        JsonNode value = op.get(name);
        if (value == null) {
            throw new MalformedOpException("missing field `" + name + "`");
        }
        return value;
    }

    private static String string(JsonNode value) {
        if (!value.isString()) {
            throw invalidType(value, "a string");
        }
        return value.stringValue();
    }

    /** What was found instead, in words. */
    private static String unexpected(JsonNode found) {
        return switch (Fault.type(found)) {
            case "array" -> "sequence";
            case "object" -> "map";
            case "string" -> "string " + found;
            case "boolean" -> "boolean `" + found + "`";
            case "number" -> (found.isIntegralNumber() ? "integer `" : "floating point `") + found + "`";
            default -> "null";
        };
    }
}
