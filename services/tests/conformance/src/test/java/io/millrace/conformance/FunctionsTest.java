package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Group;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.function.BuiltIns;
import io.millrace.engine.function.FunctionLimits;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.gate.GateConfig;
import io.millrace.engine.gate.GateEvents;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.gate.Visit;
import io.millrace.engine.port.PresenceLog;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.presence.Means;
import io.millrace.engine.presence.Presence;
import io.millrace.engine.presence.PresenceConfig;
import io.millrace.engine.presence.PresenceEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The functions take what the schemas say and answer as they say. */
class FunctionsTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);

    private final Functions functions = functions();

    static Stream<String> ids() {
        return functions().ids().stream();
    }

    static Stream<Example> malformed() {
        return ids().flatMap(id -> Example.invalid(schema(id, "request")).stream());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void whatAFunctionAnswersFitsItsSchema(String id) {
        // Once where there is nothing, once where there is something, once where it was written by other functions.
        for (int round = 0; round < 3; round++) {
            for (Example request : Example.valid(schema(id, "request"))) {
                assertAnswerFits(id, request);
            }
            if (round == 1) {
                ids().filter(other -> other.endsWith("::set") || other.endsWith("::update"))
                        .forEach(other -> Example.valid(schema(other, "request"))
                                .forEach(request -> assertAnswerFits(other, request)));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void aRequestThatDoesNotFitIsRefused(Example example) {
        String id = example.schema()
                .substring("functions/".length())
                .replace(".request", "")
                .replaceFirst("\\.", "::");
        assertThat(call(id, example.json())).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo("deserialization_error");
            assertThat(failure.message()).startsWith("Failed to deserialize input for " + id + ": ");
            assertThat(Schemas.problems("functions/error", wire(failure))).isEmpty();
        });
    }

    @Test
    void thereAreTheFunctionsThatAreDescribed() {
        assertThat(ids().map(id -> schema(id, "request")))
                .containsExactlyInAnyOrderElementsOf(Schemas.names().stream()
                        .filter(name -> name.endsWith(".request"))
                        .toList());
    }

    private void assertAnswerFits(String id, Example request) {
        switch (call(id, request.json())) {
            case Outcome.Result result ->
                assertThat(Schemas.problems(schema(id, "result"), result.value()))
                        .as("%s: %s", request, result.value())
                        .isEmpty();
            case Outcome.NoResult ignored -> assertThat(id).matches("state::(get|delete)|stream::get");
            case Outcome.Failure failure -> {
                assertThat(failure.code()).as("%s: %s", request, failure).isEqualTo("VERSION_CONFLICT");
                assertThat(Schemas.problems("functions/error", wire(failure))).isEmpty();
            }
        }
    }

    private Outcome call(String id, Json payload) {
        Invocation invocation = new Invocation(id, payload, NOW.plusSeconds(5));
        return functions.invoke(invocation).toCompletableFuture().join();
    }

    private static Functions functions() {
        MemoryStore store = new MemoryStore();
        AtomicInteger ids = new AtomicInteger();
        Invoker functions = new Invoker();
        functions.add(BuiltIns.functions(
                        store,
                        store,
                        store,
                        FunctionLimits.DEFAULT,
                        () -> new MutationId("m-" + ids.incrementAndGet()),
                        InstantSource.fixed(NOW),
                        Runnable::run)
                .locals());
        functions.add(List.of(presence(functions).function()));
        return functions;
    }

    private static Presence presence(Invoker functions) {
        Scheduler never = (delay, task) -> () -> {};
        InstantSource clock = InstantSource.fixed(NOW);
        Gatekeeper gate = new Gatekeeper(GateConfig.defaults(), functions, clock, never, GateEvents.NONE);
        Presence presence = new Presence(
                new PresenceConfig("node-1", NOW.toEpochMilli(), Duration.ofDays(1), 1 << 20),
                new Means(new NoLog(), gate, clock, never, Runnable::run, PresenceEvents.NONE));
        for (int i = 0; i < 200; i++) {
            Json context = i % 2 == 0 ? null : Json.ofText("{\"user\":" + i + "}");
            String itemId = i % 3 == 0 ? null : "message-" + i % 5;
            presence.gate().joined(new Visit(i, "sub", new Group("chat", "room-1"), itemId, context));
        }
        return presence;
    }

    private static JsonNode wire(Outcome.Failure failure) {
        ObjectNode wire = JsonNodeFactory.instance.objectNode();
        wire.put("code", failure.code()).put("message", failure.message()).put("retriable", failure.retriable());
        if (failure.currentVersion() != null) {
            wire.put("current_version", failure.currentVersion().micros());
        }
        return wire;
    }

    private static String schema(String id, String kind) {
        return "functions/" + id.replace("::", ".") + "." + kind;
    }

    /** Takes nothing and has nothing. */
    private static final class NoLog implements PresenceLog {
        @Override
        public CompletionStage<@Nullable Void> append(Json key, @Nullable Json value) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<@Nullable Void> read(Visitor visitor) {
            return new CompletableFuture<>();
        }
    }
}
