package io.millrace.engine.queue;

import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.deliver.Handler;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Messages whose functions nobody serves, kept apart so that they hold nobody else up: one topic, and for each function a
 * group of its own. As soon as somebody serves the function they go back to their queues; after too long, to the dead
 * letters.
 */
final class WaitingRoom {
    static final String TOPIC = "queue-waiting";

    private static final String GROUPS = TOPIC + ".";
    private static final String QUEUE = "millrace-queue";
    /** How long one look for a function takes. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final Outcome NOT_YET = new Outcome.Failure("function_not_found", "nobody serves it yet");

    private static final RetryPolicy AGAIN =
            new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(100), Duration.ofSeconds(10));
    /** In order, one after another: nothing here takes long but waiting. */
    private static final Plan.Bounds ONE_BY_ONE = new Plan.Bounds(1, 100, 4L << 20);

    private final QueuesConfig config;
    private final QueueMeans means;
    private final BiFunction<String, Task, CompletionStage<Void>> back;
    private final Map<String, CompletableFuture<Delivery>> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Nobody waits yet.
     *
     * @param back puts a message into the queue of that name
     */
    WaitingRoom(QueuesConfig config, QueueMeans means, BiFunction<String, Task, CompletionStage<Void>> back) {
        this.config = config;
        this.means = means;
        this.back = back;
    }

    /** Looks after what waits since before this node was started. */
    CompletionStage<Void> begin() {
        return means.log()
                .groups(GROUPS)
                .thenAccept(groups -> groups.forEach(group -> {
                    String functionId = SafeName.nameOf(group.substring(GROUPS.length()));
                    if (functionId != null) {
                        var _ = looksAfter(functionId, group);
                    }
                }));
    }

    /** Has a message wait. Completes when it is safe there. */
    CompletionStage<Void> park(String queue, Task task) {
        String safe = SafeName.of(task.functionId());
        if (safe == null) {
            TopicPartition nowhere = new TopicPartition(TOPIC, 0);
            return letter(queue, task, nowhere, 0, "no function can be called so");
        }
        return looksAfter(task.functionId(), GROUPS + safe)
                .thenCompose(delivery -> means.log()
                        .append(QueueLog.Kind.QUEUE, TOPIC, task.functionId(), task.entry(Map.of(QUEUE, queue))));
    }

    private CompletionStage<Delivery> looksAfter(String functionId, String group) {
        CompletableFuture<Delivery> mine = new CompletableFuture<>();
        CompletableFuture<Delivery> known = open.putIfAbsent(functionId, mine);
        if (known != null) {
            return known;
        }
        var _ = means.log()
                .open(QueueLog.Kind.QUEUE, TOPIC)
                // The first one that waits comes after this.
                .thenCompose(there -> means.groups().prepare(group, Set.of(TOPIC)))
                .whenComplete((prepared, failure) -> {
                    if (failure != null || closed) {
                        open.remove(functionId, mine);
                        mine.completeExceptionally(
                                failure == null ? new IllegalStateException("waiting room: closed") : failure);
                    } else {
                        mine.complete(deliver(functionId, group));
                    }
                });
        return mine;
    }

    private Delivery deliver(String functionId, String group) {
        return means.deliveries()
                .open(
                        new Plan(
                                new DeadLetter.Subject(TOPIC, functionId),
                                group,
                                Set.of(TOPIC),
                                AGAIN,
                                QueueMeans.NEVER_ANSWERED,
                                ONE_BY_ONE),
                        new Waiting(functionId));
    }

    private CompletionStage<Void> letter(String queue, Task task, TopicPartition at, long offset, String message) {
        return means.deadLetters()
                .keep(new DeadLetter(
                        new DeadLetter.Subject(NamedQueue.KIND, queue),
                        task.functionId(),
                        at,
                        offset,
                        0,
                        "function_not_found",
                        message,
                        means.clock().instant(),
                        task.data()));
    }

    /** Ends it on this node. */
    CompletionStage<Void> end() {
        closed = true;
        List<CompletableFuture<?>> ending = new ArrayList<>();
        open.values()
                .forEach(delivery -> ending.add(delivery.thenCompose(Delivery::end)
                        .exceptionally(failure -> null)
                        .toCompletableFuture()));
        return CompletableFuture.allOf(ending.toArray(CompletableFuture[]::new));
    }

    /** Those who wait for one function. */
    private final class Waiting implements Handler {
        private final String functionId;

        private Waiting(String functionId) {
            this.functionId = functionId;
        }

        @Override
        public boolean wants(Received record) {
            return record.value() != null && functionId.equals(functionId(record));
        }

        @Override
        public @Nullable Object orderKey(Received record) {
            return null;
        }

        @Override
        public String functionId(Received record) {
            return Task.of(record).functionId();
        }

        @Override
        public CompletionStage<Outcome> handle(Received record, int attempt) {
            Task task = Task.of(record);
            String queue = String.valueOf(record.headers().text(QUEUE));
            Duration left =
                    Duration.between(means.clock().instant(), record.writtenAt().plus(config.absence()));
            Duration look = left.compareTo(LOOK) < 0 ? left : LOOK;
            return means.presence()
                    .await(functionId, look.isNegative() ? Duration.ZERO : look)
                    .thenCompose(served -> {
                        if (closed) {
                            // Another node has it by now.
                            return CompletableFuture.completedStage(NOT_YET);
                        }
                        if (served) {
                            return back.apply(queue, task).thenApply(done -> new Outcome.NoResult());
                        }
                        if (left.compareTo(LOOK) > 0) {
                            return CompletableFuture.completedStage(NOT_YET);
                        }
                        String late = "nobody served it for " + config.absence().toSeconds() + " s";
                        return letter(queue, task, record.at(), record.offset(), late)
                                .thenApply(kept -> new Outcome.NoResult());
                    });
        }

        @Override
        public boolean counts(Received record, Outcome.Failure failure) {
            return false;
        }
    }
}
