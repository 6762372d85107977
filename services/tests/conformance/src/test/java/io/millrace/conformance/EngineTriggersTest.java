package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.surface.EngineSurface;
import io.millrace.engine.surface.LogRecord;
import io.millrace.engine.surface.Logs;
import io.millrace.engine.trigger.Binding;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What functions get from the engine's own triggers is as described. */
class EngineTriggersTest {
    private static final Json EMPTY = Json.ofText("{}");

    private final WorkerPort port = new WorkerPort();
    private final Logs logs = new Logs(10, printed -> {});
    private final BlockingQueue<Invocation> calls = port.local("seen", new Outcome.NoResult());

    @BeforeEach
    void open() {
        EngineSurface.add(new EngineSurface.Means(
                port.functions,
                port.triggers,
                port.workers,
                port.channels,
                logs,
                UUID::randomUUID,
                (delay, task) -> {
                    task.run();
                    return () -> {};
                },
                InstantSource.system(),
                () -> null,
                Duration.ofSeconds(30),
                () -> {}));
    }

    @AfterEach
    void close() {
        port.close();
    }

    static List<Example> records() {
        return Example.valid("triggers/log.payload");
    }

    @Test
    void workersThatComeAndGoAreToldAsDescribed() throws Exception {
        bind("engine::workers-available");
        WorkerPort.Client worker = port.worker();
        worker.send(
                        "{\"type\":\"invokefunction\",\"function_id\":\"engine::workers::register\",\"data\":{\"name\":\"shop\"}}")
                .settle()
                .leave();
        for (String event : List.of("worker_connected", "worker_metadata_updated", "worker_disconnected")) {
            assertThat(next("triggers/workers-available.payload").path("event").asString())
                    .isEqualTo(event);
        }
    }

    @Test
    void functionsThatComeAreToldAsDescribed() throws Exception {
        bind("engine::functions-available");
        Example.valid("worker/from.registerfunction").forEach(example -> {
            if (example.name().equals("described")) {
                port.connect().send(example.text());
            }
        });
        JsonNode event = next("triggers/functions-available.payload");
        assertThat(event.path("functions")
                        .valueStream()
                        .map(f -> f.path("function_id").asString()))
                .containsExactly("orders::place", "seen");
    }

    @Test
    void whatIsLoggedByACallIsToldAsDescribed() throws Exception {
        bind("log");
        port.worker()
                .send("{\"type\":\"invokefunction\",\"function_id\":\"engine::log::warn\","
                        + "\"data\":{\"message\":\"no tea left\",\"data\":{\"order\":7}}}");
        assertThat(next("triggers/log.payload").path("body").asString()).isEqualTo("no tea left");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void aLogRecordIsToldAsInItsExample(Example example) throws Exception {
        bind("log");
        JsonNode record = example.json().tree();
        logs.add(new LogRecord(
                record.path("timestamp_unix_nano").longValue(),
                record.path("observed_timestamp_unix_nano").longValue(),
                record.path("severity_number").intValue(),
                record.path("severity_text").stringValue(),
                record.path("body").stringValue(),
                Json.of(record.path("attributes")),
                record.path("trace_id").stringValue(null),
                record.path("span_id").stringValue(null),
                Json.of(record.path("resource")),
                record.path("service_name").stringValue(),
                record.path("instrumentation_scope_name").stringValue(null),
                record.path("instrumentation_scope_version").stringValue(null)));
        assertThat(next("triggers/log.payload")).hasToString(example.text());
    }

    private void bind(String type) {
        port.triggers
                .register(new Binding("t", type, "seen", EMPTY, null, null))
                .toCompletableFuture()
                .join();
    }

    private JsonNode next(String schema) throws InterruptedException {
        Invocation call = calls.poll(20, TimeUnit.SECONDS);
        assertThat(call).isNotNull();
        Json payload = call == null ? Json.NULL : call.payload();
        assertThat(Schemas.problems(schema, payload)).as(payload.toString()).isEmpty();
        return payload.tree();
    }
}
