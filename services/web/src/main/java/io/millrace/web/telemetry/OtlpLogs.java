package io.millrace.web.telemetry;

import io.millrace.core.value.Json;
import io.millrace.engine.surface.LogRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the log records of an OTLP request. What is missing or odd in one is left out; the rest of it counts. */
final class OtlpLogs {
    private static final String SERVICE = "service.name";
    private static final String UNKNOWN = "unknown";

    private final List<LogRecord> records = new ArrayList<>();

    private OtlpLogs() {}

    static List<LogRecord> of(JsonNode request) {
        OtlpLogs logs = new OtlpLogs();
        for (JsonNode resourceLogs : request.path(Signal.LOGS.field())) {
            ObjectNode resource = attributes(resourceLogs.path("resource"));
            for (JsonNode scopeLogs : resourceLogs.path("scopeLogs")) {
                for (JsonNode record : scopeLogs.path("logRecords")) {
                    logs.read(record, resource, scopeLogs.path("scope"));
                }
            }
        }
        return logs.records;
    }

    private void read(JsonNode record, ObjectNode resource, JsonNode scope) {
        ObjectNode attributes = attributes(record);
        long observed = number(record.path("observedTimeUnixNano"));
        long time = number(record.path("timeUnixNano"));
        // A logger may name a service of its own within the process.
        String service = first(text(attributes.path(SERVICE)), text(resource.path(SERVICE)));
        String text = text(record.path("severityText"));
        records.add(new LogRecord(
                time == 0 ? observed : time,
                observed,
                Math.clamp(number(record.path("severityNumber")), 0, 24),
                text == null ? "" : text,
                body(record.path("body")),
                Json.of(attributes),
                first(text(record.path("traceId")), text(attributes.path("trace_id"))),
                first(text(record.path("spanId")), text(attributes.path("span_id"))),
                Json.of(resource),
                service == null ? UNKNOWN : service,
                text(scope.path("name")),
                text(scope.path("version"))));
    }

    private static String body(JsonNode body) {
        JsonNode value = value(body);
        return value.isString() ? value.stringValue() : value.isNull() ? "" : value.toString();
    }

    private static ObjectNode attributes(JsonNode of) {
        return members(of.path("attributes"));
    }

    private static ObjectNode members(JsonNode pairs) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        for (JsonNode pair : pairs) {
            String key = text(pair.path("key"));
            if (key != null) {
                members.set(key, value(pair.path("value")));
            }
        }
        return members;
    }

    /** What OTLP wraps in a field that names its kind. */
    private static JsonNode value(JsonNode any) {
        if (any.has("intValue")) {
            // The specification wants a string, SDKs write a number.
            return JsonNodeFactory.instance.numberNode(number(any.path("intValue")));
        }
        if (any.has("kvlistValue")) {
            return members(any.path("kvlistValue").path("values"));
        }
        if (any.has("arrayValue")) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            any.path("arrayValue").path("values").forEach(element -> array.add(value(element)));
            return array;
        }
        for (String kind : List.of("stringValue", "boolValue", "doubleValue", "bytesValue")) {
            if (any.has(kind)) {
                return any.path(kind);
            }
        }
        return JsonNodeFactory.instance.nullNode();
    }

    private static long number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        if (node.isString()) {
            try {
                return Long.parseLong(node.stringValue());
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 0;
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }

    /** Empty text says nothing. */
    private static @Nullable String text(JsonNode node) {
        return node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }
}
