package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What workers send, as described, has its effect; what is not as described has none. */
class FromWorkerTest {
    private static final String RESULT = "worker/from.invocationresult";
    private static final String BOUND = "worker/from.triggerregistrationresult";
    private static final long PATIENCE_S = 20;

    private final WorkerPort port = new WorkerPort();

    @AfterEach
    void close() {
        port.close();
    }

    private static Stream<Example> messages() {
        return Example.all().filter(example -> example.schema().startsWith("worker/from."));
    }

    /** But for answers, which make no sense unless somebody has asked. */
    static Stream<Example> valid() {
        return messages()
                .filter(Example::isValid)
                .filter(example -> !example.schema().equals(RESULT));
    }

    static Stream<Example> invalid() {
        return messages().filter(example -> !example.isValid());
    }

    static List<Example> results() {
        return Example.valid(RESULT);
    }

    static List<Example> bound() {
        return Example.valid(BOUND);
    }

    static List<Example> functions() {
        return Example.valid("worker/from.registerfunction");
    }

    static List<Example> calls() {
        return Example.valid("worker/from.invokefunction");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("valid")
    void whatIsDescribedIsUnderstood(Example example) throws Exception {
        port.worker().send(example.text()).settle();
        assertThat(port.ignored).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalid")
    void whatIsNotAsDescribedIsIgnoredAndTheConnectionStays(Example example) throws Exception {
        port.worker().send(example.text()).settle();
        assertThat(port.ignored).hasSize(1);
        assertThat(port.functions.ids()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("functions")
    void aFunctionIsServed(Example example) throws Exception {
        port.worker().send(example.text()).settle();
        String id = example.json().tree().path("id").asString();
        assertThat(port.functions.services(id)).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void aCallIsMade(Example example) throws Exception {
        JsonNode message = example.json().tree();
        JsonNode action = message.path("action");
        boolean queued = action.path("type").asString("").equals("enqueue");
        BlockingQueue<Invocation> calls = port.local(
                queued ? "engine::queue::enqueue" : message.path("function_id").asString(),
                new Outcome.Result(Json.ofText("{\"a\":1}")));
        WorkerPort.Client worker = port.worker().send(example.text());

        Invocation call = calls.poll(PATIENCE_S, TimeUnit.SECONDS);

        assertThat(call).isNotNull();
        if (call != null) {
            JsonNode got = call.payload().tree();
            assertThat(Json.of(queued ? got.path("data") : got)).isEqualTo(value(message, "data"));
            assertThat(call.context().traceParent())
                    .isEqualTo(message.path("traceparent").stringValue(null));
            assertThat(got.path("queue")).isEqualTo(action.path("queue"));
        }
        if (message.path("invocation_id").isString()) {
            JsonNode answer = Json.ofText(worker.next()).tree();
            assertThat(answer.path("invocation_id")).isEqualTo(message.path("invocation_id"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("results")
    void anAnswerEndsTheCall(Example example) throws Exception {
        JsonNode message = example.json().tree();
        WorkerPort.Client worker = port.worker()
                .send("{\"type\":\"registerfunction\",\"id\":\"f\"}")
                .settle();
        port.draw(message.path("invocation_id").asString());
        CompletableFuture<Outcome> outcome = port.functions
                .invoke(new Invocation("f", Json.NULL, Instant.MAX))
                .toCompletableFuture();
        worker.next();

        worker.send(example.text());

        Outcome known = outcome.get(PATIENCE_S, TimeUnit.SECONDS);
        JsonNode error = message.path("error");
        if (error.isMissingNode() || error.isNull()) {
            Json result = value(message, "result");
            assertThat(known).isEqualTo(result.equals(Json.NULL) ? new Outcome.NoResult() : new Outcome.Result(result));
        } else {
            assertThat(known).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                assertThat(failure.code()).isEqualTo(error.path("code").asString("UNKNOWN"));
                assertThat(failure.message()).isEqualTo("no tea left");
            });
        }
        assertThat(port.ignored).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bound")
    void aProvidersAnswerEndsTheRegistration(Example example) throws Exception {
        JsonNode message = example.json().tree();
        String type = message.path("trigger_type").asString();
        WorkerPort.Client provider = port.worker()
                .send("{\"type\":\"registertriggertype\",\"id\":\"" + type + "\"}")
                .settle();
        CompletableFuture<Void> registered = port.triggers
                .register(new Binding(message.path("id").asString(), type, "f", Json.NULL, null, null))
                .toCompletableFuture();
        provider.next();
        assertThat(registered).isNotDone();

        provider.send(example.text());

        if (message.path("error").isObject()) {
            assertThatThrownBy(() -> registered.get(PATIENCE_S, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TriggerRefusedException.class)
                    .hasMessageContaining(message.path("error").path("message").asString());
        } else {
            assertThat(registered.get(PATIENCE_S, TimeUnit.SECONDS)).isNull();
        }
    }

    private static Json value(JsonNode message, String field) {
        JsonNode found = message.path(field);
        return found.isMissingNode() ? Json.NULL : Json.of(found);
    }
}
