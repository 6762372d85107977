package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a program has logged.
 *
 * @param timeUnixNano when it happened, in nanoseconds
 * @param observedUnixNano when it was collected, in nanoseconds
 * @param severityNumber as OpenTelemetry counts, 1 to 24; 0 if not said
 * @param severityText as the program says it; SDKs say nothing
 * @param body the message
 * @param attributes an object
 * @param resource an object that describes the program
 * @param serviceName what the program calls itself
 */
public record LogRecord(
        long timeUnixNano,
        long observedUnixNano,
        int severityNumber,
        String severityText,
        String body,
        Json attributes,
        @Nullable String traceId,
        @Nullable String spanId,
        Json resource,
        String serviceName,
        @Nullable String scopeName,
        @Nullable String scopeVersion) {
    /** How important it is. */
    public Severity severity() {
        return Severity.of(severityText, severityNumber);
    }

    /** As {@code log} triggers carry it. */
    public Json toJson() {
        ObjectNode record = Tree.object()
                .put("timestamp_unix_nano", timeUnixNano)
                .put("observed_timestamp_unix_nano", observedUnixNano)
                .put("severity_number", severityNumber)
                .put("severity_text", severityText)
                .put("body", body);
        record.set("attributes", attributes.tree());
        record.put("trace_id", traceId).put("span_id", spanId);
        record.set("resource", resource.tree());
        return Json.of(record.put("service_name", serviceName)
                .put("instrumentation_scope_name", scopeName)
                .put("instrumentation_scope_version", scopeVersion));
    }
}
