package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.deliver.Handler;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One queue: its topic, and its messages as they are worked off on this node. */
final class NamedQueue implements Handler {
    /** Queues' topics and groups are called so, and their names. */
    static final String PREFIX = "queue.";

    static final String KIND = "queue";

    /** A worker that reconnects is back within that. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** What is in one order altogether. */
    private static final String ALL = "";

    private final String name;
    private final String topic;
    private final QueueSettings settings;
    private final QueuesConfig config;
    private final QueueMeans means;
    private final WaitingRoom waiting;
    private final Slots slots;
    /** Since when we know that nobody serves a function. */
    private final Map<String, Instant> absent = new ConcurrentHashMap<>();

    private @Nullable Delivery delivery;
    private boolean closed;

    NamedQueue(String name, String safeName, QueuesConfig config, QueueMeans means, WaitingRoom waiting) {
        this.name = name;
        this.topic = PREFIX + safeName;
        this.settings = config.of(name);
        this.config = config;
        this.means = means;
        this.waiting = waiting;
        this.slots = new Slots(settings.concurrency());
    }

    String name() {
        return name;
    }

    String topic() {
        return topic;
    }

    DeadLetter.Subject subject() {
        return new DeadLetter.Subject(KIND, name);
    }

    /** Works the queue off from now on. */
    CompletionStage<Void> begin() {
        return means.log()
                .open(QueueLog.Kind.QUEUE, topic)
                .thenCompose(open -> means.log().beginAtOldest(topic, topic))
                .thenAccept(placed -> deliver());
    }

    private synchronized void deliver() {
        if (closed) {
            return;
        }
        delivery = means.deliveries()
                .open(
                        new Plan(
                                subject(),
                                topic,
                                Set.of(topic),
                                QueueMeans.retries(settings),
                                QueueMeans.NEVER_ANSWERED,
                                QueueMeans.BOUNDS),
                        this);
    }

    synchronized boolean isDelivering() {
        return delivery != null && !closed;
    }

    /** The failure if the queue does not take the data; else null. */
    Outcome.@Nullable Failure refusal(Json data) {
        String field = settings.groupField();
        if (settings.order() != QueueSettings.Order.FIFO || field == null) {
            return null;
        }
        JsonNode value = data.tree().get(field);
        if (value == null) {
            return new Outcome.Failure(
                    "message_group_missing", "FIFO queue '" + name + "' requires field '" + field + "' in data");
        }
        if (value.isNull()) {
            return new Outcome.Failure(
                    "message_group_missing", "FIFO queue '" + name + "': field '" + field + "' must not be null");
        }
        return null;
    }

    /** Puts a message in, which the queue {@linkplain #refusal does not refuse}. */
    CompletionStage<Void> put(Task task) {
        return means.log().append(QueueLog.Kind.QUEUE, topic, key(task.data()), task.entry(Map.of()));
    }

    private @Nullable String key(Json data) {
        if (settings.order() == QueueSettings.Order.STANDARD) {
            return null;
        }
        String field = settings.groupField();
        JsonNode group = field == null ? null : data.tree().get(field);
        return group == null ? ALL : group.isString() ? group.stringValue() : group.toString();
    }

    @Override
    public boolean wants(Received record) {
        return record.value() != null;
    }

    @Override
    public @Nullable Object orderKey(Received record) {
        if (settings.order() == QueueSettings.Order.STANDARD) {
            return null;
        }
        return record.key() == null ? ALL : record.key();
    }

    @Override
    public String functionId(Received record) {
        return Task.of(record).functionId();
    }

    @Override
    public CompletionStage<Outcome> handle(Received record, int attempt) {
        Task task = Task.of(record);
        if (!task.isReadable()) {
            return means.bury(subject(), record, task);
        }
        return slots.run(() ->
                        task.call(means.functions(), means.clock().instant().plus(config.timeout())))
                .thenCompose(outcome -> {
                    if (outcome instanceof Outcome.Failure failure && Presence.isAbsent(failure)) {
                        return absent(task, failure);
                    }
                    absent.remove(task.functionId());
                    return CompletableFuture.completedStage(outcome);
                });
    }

    /**
     * Nobody serves the function. For a moment we wait for it; then the message makes room for those of other functions,
     * unless others have to wait for it anyhow.
     */
    private CompletionStage<Outcome> absent(Task task, Outcome.Failure failure) {
        String functionId = task.functionId();
        Instant now = means.clock().instant();
        Instant since = absent.computeIfAbsent(functionId, ignored -> now);
        if (settings.order() == QueueSettings.Order.STANDARD
                && since.plus(GRACE).compareTo(now) <= 0) {
            means.events().parked(name, functionId);
            return waiting.park(name, task).thenApply(parked -> new Outcome.NoResult());
        }
        return means.presence().await(functionId, GRACE).thenCompose(served -> {
            if (served) {
                absent.remove(functionId);
                return slots.run(() ->
                        task.call(means.functions(), means.clock().instant().plus(config.timeout())));
            }
            return CompletableFuture.completedStage(failure);
        });
    }

    @Override
    public boolean counts(Received record, Outcome.Failure failure) {
        boolean tooLong = record.writtenAt()
                        .plus(config.absence())
                        .compareTo(means.clock().instant())
                <= 0;
        return tooLong || !Presence.wasNotTried(failure);
    }

    /** Works it off no longer. */
    CompletionStage<Void> end() {
        slots.close();
        Delivery ending;
        synchronized (this) {
            closed = true;
            ending = delivery;
        }
        return ending == null ? CompletableFuture.completedStage(null) : ending.end();
    }
}
