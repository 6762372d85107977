package io.millrace.engine.surface;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.worker.ToWorker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EngineTriggersTest {
    private final World world = new World();

    @Test
    void aWorkerThatComesAndGoesIsTold() {
        World.Connected watcher = world.connect();
        watcher.function("seen", null).trigger("t", "engine::workers-available", "seen", "{}");
        World.Connected other = world.connect().announce("{\"name\":\"shop\"}");
        other.worker().disconnected();
        assertThat(watcher.calls("seen").stream().map(call -> call.path("event").asString()))
                .containsExactly("worker_connected", "worker_metadata_updated", "worker_disconnected");
        assertThat(watcher.calls("seen").getFirst().path("worker_id").asString())
                .isEqualTo(other.worker().id());
    }

    @Test
    void functionsThatComeCloseTogetherAreToldOnce() {
        World.Connected watcher = world.connect();
        watcher.function("seen", null).trigger("t", "engine::functions-available", "seen", "{}");
        world.connect().function("a", null).function("b", null);
        world.later();
        List<JsonNode> calls = watcher.calls("seen");
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().path("event").asString()).isEqualTo("functions_changed");
        assertThat(calls.getFirst()
                        .path("functions")
                        .valueStream()
                        .map(f -> f.path("function_id").asString()))
                .containsExactly("a", "b", "seen", "state::set");
    }

    @Test
    void functionsThatAreTheSameAsBeforeAreNotTold() {
        World.Connected watcher = world.connect();
        watcher.function("seen", null).trigger("t", "engine::functions-available", "seen", "{}");
        World.Connected other = world.connect().function("a", null);
        other.worker().disconnected();
        world.connect().function("hidden", "{\"internal\":true}");
        world.later();
        assertThat(watcher.calls("seen")).isEmpty();
    }

    @Test
    void anUnboundFunctionIsToldNothing() {
        World.Connected watcher = world.connect();
        watcher.function("seen", null).trigger("t", "engine::workers-available", "seen", "{}");
        assertThat(world.call("engine::unregister_trigger", "{\"id\":\"t\"}")
                        .path("removed")
                        .booleanValue())
                .isTrue();
        assertThat(world.call("engine::unregister_trigger", "{\"id\":\"t\"}")
                        .path("removed")
                        .booleanValue())
                .isFalse();
        world.connect();
        assertThat(watcher.calls("seen")).isEmpty();
    }

    @Test
    void aLogTriggerGetsTheLevelItWants() {
        World.Connected watcher = world.connect();
        watcher.function("every", null).function("errors", null);
        watcher.trigger("t-1", "log", "every", "{}").trigger("t-2", "log", "errors", "{\"level\":\"error\"}");
        log("info");
        log("error");
        world.logs.add(sdkRecord(17));
        assertThat(watcher.calls("every")).hasSize(3);
        assertThat(watcher.calls("errors")).hasSize(2);
        JsonNode record = watcher.calls("every").getFirst();
        assertThat(record).isEqualTo(Json.ofText("""
                {"timestamp_unix_nano":1767323045000000000,"observed_timestamp_unix_nano":1767323045000000000,
                 "severity_number":9,"severity_text":"INFO","body":"hello","attributes":{"log.data":{"a":1}},
                 "trace_id":"0a","span_id":null,"resource":{"service.name":"svc"},"service_name":"svc",
                 "instrumentation_scope_name":null,"instrumentation_scope_version":null}""").tree());
    }

    @Test
    void aLevelThatIsNoneIsRefused() {
        World.Connected worker = world.connect().trigger("t", "log", "f", "{\"level\":\"loud\"}");
        assertThat(worker.got)
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                ToWorker.TriggerRefused.class,
                                refused -> assertThat(refused.code()).isEqualTo("trigger_registration_failed")));
        assertThat(world.triggers.bindings()).isEmpty();
    }

    @Test
    void aFunctionThatDoesNotKeepUpMissesEventsWhichIsCounted() {
        World.Connected watcher = world.connect();
        watcher.function("slow", null).trigger("t", "log", "slow", "{}");
        for (int i = 0; i < 1_005; i++) {
            world.logs.add(sdkRecord(9));
        }
        assertThat(watcher.calls("slow")).hasSize(1_000);
        assertThat(world.missed).isEqualTo(5);
    }

    @Test
    void aTriggerRegisteredByACallOutlivesTheCaller() {
        World.Connected caller = world.connect().function("f", null);
        Outcome outcome = world.outcome(
                "engine::register_trigger",
                "{\"trigger_type\":\"log\",\"function_id\":\"f\",\"config\":{\"level\":\"all\"},\"metadata\":{\"m\":1}}",
                new Invocation.Context(null, null, null, caller.worker().id()));
        assertThat(outcome).isInstanceOf(Outcome.Result.class);
        assertThat(world.timers).isEmpty();
        caller.worker().disconnected();
        assertThat(world.triggers.bindings()).hasSize(1);
        World.Connected again = world.connect().function("f", null);
        log("warn");
        assertThat(again.calls("f")).hasSize(1);
    }

    @Test
    void aRefusedTriggerIsToldToTheCaller() {
        assertThat(world.failure(
                        "engine::register_trigger",
                        "{\"trigger_type\":\"log\",\"function_id\":\"f\",\"config\":{\"level\":\"loud\"}}"))
                .isEqualTo("trigger_registration_failed");
        assertThat(world.failure("engine::register_trigger", "{\"trigger_type\":\"log\"}"))
                .isEqualTo("deserialization_error");
    }

    @Test
    void aTriggerThatIsNotBoundInTimeIsNone() {
        world.triggers.provide(new NeverBound());
        CompletionStage<Outcome> outcome = world.functions.invoke(new Invocation(
                "engine::register_trigger",
                Json.ofText("{\"trigger_type\":\"never\",\"function_id\":\"f\"}"),
                World.NOW.plusSeconds(30)));
        assertThat(world.triggers.bindings()).hasSize(1);
        world.later();
        assertThat(outcome.toCompletableFuture().join()).isInstanceOf(Outcome.Failure.class);
        assertThat(world.triggers.bindings()).isEmpty();
    }

    private void log(String level) {
        world.outcome(
                "engine::log::" + level,
                "{\"message\":\"hello\",\"service_name\":\"svc\",\"trace_id\":\"0a\",\"data\":{\"a\":1}}",
                Invocation.Context.NONE);
    }

    private static LogRecord sdkRecord(int severityNumber) {
        Json none = Json.ofText("{}");
        return new LogRecord(1, 1, severityNumber, "", "body", none, null, null, none, "svc", null, null);
    }

    private static final class NeverBound implements TriggerType {
        @Override
        public CompletionStage<Void> bind(Binding binding) {
            return new CompletableFuture<>();
        }

        @Override
        public void unbind(Binding binding, Ending ending) {}

        @Override
        public String id() {
            return "never";
        }

        @Override
        public String description() {
            return "Never bound.";
        }
    }
}
