package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.change.RandomChanges;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Every example of what workers get is what they get, to the byte, when it is due. */
class ToWorkerTest {
    private static final String CALLER = "_caller_worker_id";

    private final WorkerPort port = new WorkerPort();

    @AfterEach
    void close() {
        port.close();
    }

    static List<Example> greetings() {
        return Example.valid("worker/to.workerregistered");
    }

    static List<Example> rejections() {
        return Example.valid("worker/to.registrationrejected");
    }

    static List<Example> calls() {
        return Example.valid("worker/to.invokefunction");
    }

    static List<Example> answers() {
        return Example.valid("worker/to.invocationresult");
    }

    static List<Example> triggers() {
        return Example.valid("worker/to.registertrigger");
    }

    static List<Example> endings() {
        return Example.valid("worker/to.unregistertrigger");
    }

    static List<Example> refusals() {
        return Example.valid("worker/to.triggerregistrationresult");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("greetings")
    void aWorkerIsGreeted(Example example) throws Exception {
        JsonNode message = example.json().tree();
        port.draw(message.path("worker_id").asString());
        port.draw(message.path("reattach_token").asString());
        assertThat(port.connect().next()).isEqualTo(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rejections")
    void aFunctionOfOursIsNobodyElses(Example example) throws Exception {
        String id = example.json().tree().path("function_id").asString();
        port.local(id, new Outcome.NoResult());
        assertThat(port.worker()
                        .send(message("registerfunction").put("id", id).toString())
                        .next())
                .isEqualTo(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void aFunctionIsCalled(Example example) throws Exception {
        JsonNode expected = example.json().tree();
        WorkerPort.Client worker = serving(expected.path("function_id").asString());
        port.draw(expected.path("invocation_id").asString());
        JsonNode payload = expected.path("data").deepCopy();
        JsonNode caller = payload.isObject() ? ((ObjectNode) payload).remove(CALLER) : null;

        call(
                expected.path("function_id").asString(),
                Json.of(payload),
                new Invocation.Context(
                        text(expected, "traceparent"),
                        text(expected, "baggage"),
                        expected.has("metadata") ? Json.of(expected.path("metadata")) : null,
                        caller == null ? null : caller.asString()));

        assertThat(worker.next()).isEqualTo(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void aCallIsAnswered(Example example) throws Exception {
        JsonNode expected = example.json().tree();
        port.local(expected.path("function_id").asString(), outcome(expected));
        ObjectNode call = message("invokefunction");
        for (String field : List.of("invocation_id", "function_id", "traceparent", "baggage")) {
            call.set(field, expected.has(field) ? expected.path(field) : JsonNodeFactory.instance.nullNode());
        }
        assertThat(port.worker().send(call.toString()).next()).isEqualTo(example.text());
    }

    private static Outcome outcome(JsonNode answer) {
        JsonNode error = answer.path("error");
        if (error.isObject()) {
            JsonNode version = error.path("current_version");
            return new Outcome.Failure(
                    error.path("code").asString(),
                    error.path("message").asString(),
                    error.path("retriable").booleanValue(false),
                    version.isMissingNode() ? null : new Version(version.longValue()),
                    text(error, "stacktrace"));
        }
        return answer.has("result") ? new Outcome.Result(Json.of(answer.path("result"))) : new Outcome.NoResult();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("triggers")
    void aProviderIsToldOfATrigger(Example example) throws Exception {
        JsonNode expected = example.json().tree();
        WorkerPort.Client provider = providing(expected.path("trigger_type").asString());
        register(expected);
        assertThat(provider.next()).isEqualTo(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endings")
    void aProviderIsToldThatATriggerIsGone(Example example) throws Exception {
        JsonNode expected = example.json().tree();
        WorkerPort.Client provider = providing(expected.path("trigger_type").asString());
        register(expected);
        provider.next();
        port.triggers.unregister(expected.path("id").asString());
        assertThat(provider.next()).isEqualTo(example.text());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalIsTold(Example example) throws Exception {
        JsonNode expected = example.json().tree();
        JsonNode error = expected.path("error");
        String type = expected.path("trigger_type").asString();
        port.triggers.provide(new Refusing(
                type, error.path("code").asString(), error.path("message").asString()));
        boolean ofTheType = expected.path("id").asString().isEmpty();
        ObjectNode wanted = ofTheType
                ? message("registertriggertype").put("id", type)
                : message("registertrigger")
                        .put("id", expected.path("id").asString())
                        .put("trigger_type", type)
                        .put("function_id", expected.path("function_id").asString());
        assertThat(port.worker().send(wanted.toString()).next()).isEqualTo(example.text());
    }

    @Test
    void aPingIsAnswered() throws Exception {
        Example pong = Example.valid("worker/to.pong").getFirst();
        Example ping = Example.valid("worker/from.ping").getFirst();
        assertThat(port.worker().send(ping.text()).next()).isEqualTo(pong.text());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.millrace.core.Seeds#all")
    void whateverIsCalledAndReturnedFitsItsSchema(long seed) throws Exception {
        RandomChanges random = new RandomChanges(new SplittableRandom(seed));
        WorkerPort.Client worker = serving("f");
        for (int i = 0; i < 10; i++) {
            Json given = random.value();
            call("f", given, new Invocation.Context(random.nameOrNone(), random.nameOrNone(), random.value(), "w"));
            JsonNode call = Json.ofText(worker.next()).tree();
            JsonNode data = call.path("data").deepCopy();
            if (data.isObject()) {
                assertThat(((ObjectNode) data).remove(CALLER).asString()).isEqualTo("w");
            }
            assertThat(Json.of(data)).isEqualTo(given);

            port.local("g" + i, new Outcome.Result(given));
            ObjectNode asked = message("invokefunction")
                    .put("invocation_id", call.path("invocation_id").asString())
                    .put("function_id", "g" + i);
            JsonNode answer = Json.ofText(worker.send(asked.toString()).next()).tree();
            assertThat(Json.of(answer.path("result"))).isEqualTo(given);
        }
    }

    private WorkerPort.Client serving(String functionId) throws InterruptedException {
        return port.worker()
                .send(message("registerfunction").put("id", functionId).toString())
                .settle();
    }

    private WorkerPort.Client providing(String type) throws InterruptedException {
        return port.worker()
                .send(message("registertriggertype").put("id", type).toString())
                .settle();
    }

    private void call(String functionId, Json payload, Invocation.Context context) {
        var _ = port.functions.invoke(new Invocation(functionId, payload, Instant.MAX, context));
    }

    private void register(JsonNode trigger) {
        var _ = port.triggers.register(new Binding(
                trigger.path("id").asString(),
                trigger.path("trigger_type").asString(),
                trigger.path("function_id").asString("f"),
                trigger.has("config") ? Json.of(trigger.path("config")) : Json.NULL,
                trigger.has("metadata") ? Json.of(trigger.path("metadata")) : null,
                null));
    }

    private static ObjectNode message(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static @Nullable String text(JsonNode message, String field) {
        return message.path(field).stringValue(null);
    }

    /** A type of ours that takes nothing. */
    private record Refusing(String id, String code, String message) implements TriggerType {
        @Override
        public String description() {
            return id;
        }

        @Override
        public CompletionStage<Void> bind(Binding binding) {
            throw new TriggerRefusedException(code, message);
        }

        @Override
        public void unbind(Binding binding, Ending ending) {}
    }
}
