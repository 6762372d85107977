package io.millrace.web.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.surface.LogRecord;
import io.millrace.engine.surface.Logs;
import io.millrace.engine.surface.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TelemetryIntakeTest {
    /** What an SDK's logger sends. */
    private static final String SDK_LOG = """
            {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"iii-node"}}],
            "droppedAttributesCount":0},"scopeLogs":[{"scope":{"name":"iii-node"},"logRecords":[
            {"timeUnixNano":"1795000000000000001","observedTimeUnixNano":"1795000000000000002","severityNumber":17,
            "body":{"stringValue":"hello"},"attributes":[
            {"key":"service.name","value":{"stringValue":"svc-x"}},{"key":"trace_id","value":{"stringValue":"0a"}},
            {"key":"log.data","value":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}},
            {"key":"b","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":1.5},{}]}}}]}}}],
            "droppedAttributesCount":0}]}]}]}""";

    private final List<LogRecord> records = new ArrayList<>();
    private final CountingEvents events = new CountingEvents();
    private final TelemetryIntake frames =
            TelemetryIntake.open(TelemetryConfig.to(null, 1 << 20), new Logs(10, records::add), events);

    @Test
    void logRecordsAreReadAsTriggersCarryThem() {
        frames.accept(frame("LOGS", SDK_LOG));
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.severity()).isEqualTo(Severity.ERROR);
            assertThat(Json.ofText(record.toJson().toString()).tree())
                    .isEqualTo(Json.ofText("""
                    {"timestamp_unix_nano":1795000000000000001,"observed_timestamp_unix_nano":1795000000000000002,
                     "severity_number":17,"severity_text":"","body":"hello",
                     "attributes":{"service.name":"svc-x","trace_id":"0a","log.data":{"a":1,"b":[true,1.5,null]}},
                     "trace_id":"0a","span_id":null,"resource":{"service.name":"iii-node"},"service_name":"svc-x",
                     "instrumentation_scope_name":"iii-node","instrumentation_scope_version":null}""").tree());
        });
        assertThat(events.taken).containsExactly("logs");
    }

    @Test
    void anOddRecordIsReadAsFarAsItGoes() {
        frames.accept(frame("LOGS", """
                {"resourceLogs":[{"scopeLogs":[{"logRecords":[
                {"timeUnixNano":"soon","severityNumber":99,"body":{"kvlistValue":{"values":[]}},"attributes":"none"},5]}]}]}"""));
        assertThat(records).hasSize(2);
        assertThat(records.getFirst().body()).isEqualTo("{}");
        assertThat(records.getFirst().serviceName()).isEqualTo("unknown");
        assertThat(records.getFirst().timeUnixNano()).isZero();
    }

    @Test
    void tracesAndMetricsAreCounted() {
        frames.accept(frame("OTLP", "{\"resourceSpans\":[]}"));
        frames.accept(frame("MTRC", "{\"resourceMetrics\":[]}"));
        assertThat(events.taken).containsExactly("traces", "metrics");
        assertThat(records).isEmpty();
    }

    static Stream<byte[]> garbage() {
        return Stream.of(
                new byte[0],
                frame("LOG", ""),
                frame("XXXX", "{}"),
                frame("LOGS", ""),
                frame("LOGS", "{"),
                frame("LOGS", "[]"),
                frame("LOGS", "{\"resourceLogs\":5}"),
                frame("LOGS", "[".repeat(10_000)));
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageIsCountedAndNothingElse(byte[] garbage) {
        frames.accept(garbage);
        assertThat(events.garbled).hasValue(1);
        assertThat(events.taken).isEmpty();
        assertThat(records).isEmpty();
    }

    static byte[] frame(String mark, String body) {
        return (mark + body).getBytes(StandardCharsets.UTF_8);
    }
}
