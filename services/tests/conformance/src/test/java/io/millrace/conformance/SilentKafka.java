package io.millrace.conformance;

import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.MessageLog;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Tap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Kafka that never answers. */
final class SilentKafka implements ConsumerGroups, DeadLetters, MessageLog, QueueLog, Tap {
    @Override
    public CompletionStage<Void> prepare(String group, Set<String> topics) {
        return new CompletableFuture<>();
    }

    @Override
    public Membership join(String group, Set<String> topics, ConsumerGroups.Listener listener) {
        throw new IllegalStateException("join: " + group + " (expected: none, for nothing is ever prepared)");
    }

    @Override
    public CompletionStage<Void> delete(String group) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> keep(DeadLetter letter) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> follow(Consumer<Message> told) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> open(Kind kind, String topic) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> append(Kind kind, String topic, @Nullable String key, Entry entry) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Set<String>> topics(String prefix) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Set<String>> groups(String prefix) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> beginAtOldest(String group, String topic) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Long> depth(String group, String topic) {
        return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> read(String topic, Visitor visitor) {
        return new CompletableFuture<>();
    }

    @Override
    public Tapping open(Set<String> topics, Tap.Listener listener) {
        return new Tapping() {
            @Override
            public CompletionStage<Void> following() {
                return new CompletableFuture<>();
            }

            @Override
            public void close() {}
        };
    }
}
