package io.millrace.engine.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.MessageLog;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PubSubTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final EchoLog log = new EchoLog();
    private final Invoker functions = new Invoker();
    private final PubSub pubsub =
            new PubSub(log, functions, Duration.ofSeconds(30), 100, InstantSource.fixed(NOW), new PubSubEvents() {});
    private final Triggers triggers = new Triggers();
    private final List<String> calls = new ArrayList<>();
    private final List<Invocation> invocations = new ArrayList<>();

    PubSubTest() {
        functions.add(List.of(pubsub.publish()));
        triggers.provide(pubsub);
        for (String id : List.of("a", "b", "c")) {
            functions.add(List.of(new LocalFunction(FunctionDescription.of(id, id), invocation -> {
                calls.add(id + " " + invocation.payload());
                invocations.add(invocation);
                return CompletableFuture.completedStage(new Outcome.Failure("thrown", "away"));
            })));
        }
    }

    /** Tells everything at once. */
    private static final class EchoLog implements MessageLog {
        private @Nullable Consumer<Message> told;

        @Override
        public CompletionStage<Void> publish(Message message) {
            if (told != null) {
                told.accept(message);
            }
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> follow(Consumer<Message> listener) {
            told = listener;
            return CompletableFuture.completedStage(null);
        }
    }

    private void subscribe(String id, String functionId, String config) {
        triggers.register(new Binding(id, "subscribe", functionId, Json.ofText(config), Json.ofText("{\"m\":1}"), "w"))
                .toCompletableFuture()
                .join();
    }

    private Outcome publish(String payload) {
        return functions
                .invoke(new Invocation(
                        "publish",
                        Json.ofText(payload),
                        NOW.plusSeconds(1),
                        new Invocation.Context("00-t", "k=v", Json.ofText("{}"), "w")))
                .toCompletableFuture()
                .join();
    }

    @Test
    void everySubscriptionOfTheTopicGetsTheDataAsItIs() {
        subscribe("1", "a", "{\"topic\":\"orders\"}");
        subscribe("2", "b", "{\"topic\":\"orders\"}");
        subscribe("3", "c", "{\"topic\":\"others\"}");

        assertThat(publish("{\"topic\":\"orders\",\"data\":{\"x\":[1]}}")).isEqualTo(new Outcome.NoResult());
        publish("{\"topic\":\"others\",\"data\":null}");

        assertThat(calls).containsExactly("a {\"x\":[1]}", "b {\"x\":[1]}", "c null");
        assertThat(invocations.getFirst().context()).isEqualTo(new Invocation.Context("00-t", "k=v", null, null));
        assertThat(invocations.getFirst().deadline()).isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void whoUnsubscribesLeavesTheOthersAlone() {
        subscribe("1", "a", "{\"topic\":\"t\"}");
        subscribe("2", "b", "{\"topic\":\"t\"}");
        triggers.unregister("1");

        publish("{\"topic\":\"t\",\"data\":1}");

        assertThat(calls).containsExactly("b 1");
    }

    @Test
    void anEmptyTopicIsTakenAndNeverFires() {
        subscribe("1", "a", "{\"topic\":\"\"}");

        assertThat(publish("{\"topic\":\"\",\"data\":1}"))
                .isEqualTo(new Outcome.Failure("topic_not_set", "Topic is not set"));
        assertThat(calls).isEmpty();
    }

    @Test
    void whatIsNoRequestIsRefused() {
        assertThat(publish("{\"topic\":\"t\"}"))
                .isEqualTo(new Outcome.Failure(
                        "deserialization_error", "Failed to deserialize input for publish: missing field `data`"));
        assertThat(publish("{\"topic\":7,\"data\":1}"))
                .isEqualTo(new Outcome.Failure(
                        "deserialization_error",
                        "Failed to deserialize input for publish: invalid type: integer `7`, expected a string"));
        assertThat(publish("{\"topic\":\"t\",\"data\":\"" + "x".repeat(100) + "\"}"))
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo("VALUE_TOO_LARGE"));
    }

    @Test
    void aSubscriptionWithoutATopicIsRefused() {
        assertThatThrownBy(() -> subscribe("1", "a", "{}")).hasCauseInstanceOf(TriggerRefusedException.class);
    }
}
