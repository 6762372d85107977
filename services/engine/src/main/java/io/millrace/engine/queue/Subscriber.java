package io.millrace.engine.queue;

import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.deliver.Handler;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One function that subscribes to one durable topic: a consumer group, while at least one trigger says so. */
final class Subscriber implements Handler {
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Which function, and which topic. */
    record Of(String topic, String functionId) {}

    /** One trigger. */
    private record Trigger(Binding binding, SubscriberConfig config) {}

    private final Of of;
    private final String topic;
    private final String group;
    private final QueuesConfig config;
    private final QueueMeans means;
    private final List<Trigger> triggers = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Slots slots = new Slots(1);
    private volatile QueueSettings settings = QueueSettings.DEFAULT;

    /** The group is joined and left in order, however quickly triggers come and go. Null while nobody delivers. */
    private CompletableFuture<@Nullable Delivery> state = CompletableFuture.completedFuture(null);

    Subscriber(Of of, String topic, String group, QueuesConfig config, QueueMeans means) {
        this.of = of;
        this.topic = topic;
        this.group = group;
        this.config = config;
        this.means = means;
    }

    int triggers() {
        return triggers.size();
    }

    /** Counts a trigger in. Completes when no message will be missed; fails if Kafka cannot be had. */
    synchronized CompletionStage<Void> add(Binding binding, SubscriberConfig read) {
        triggers.add(new Trigger(binding, read));
        if (triggers.size() == 1) {
            slots = new Slots(read.settings().concurrency());
            settings = read.settings();
        }
        CompletableFuture<@Nullable Delivery> next = state.exceptionally(failure -> null)
                .thenCompose(delivery -> delivery == null ? open() : CompletableFuture.completedStage(delivery));
        state = next;
        return next.handle((delivery, failure) -> {
            if (failure != null) {
                triggers.removeIf(trigger -> trigger.binding().equals(binding));
                throw new java.util.concurrent.CompletionException(failure);
            }
            return null;
        });
    }

    /** Counts a trigger out. With the last one the group is left, and forgotten if that was meant. */
    synchronized void remove(Binding binding, boolean forGood) {
        triggers.removeIf(trigger -> trigger.binding().equals(binding));
        if (!triggers.isEmpty()) {
            return;
        }
        slots.close();
        state = state.exceptionally(failure -> null).thenCompose(this::close).thenCompose(left -> {
            if (!forGood) {
                return CompletableFuture.completedStage(null);
            }
            return means.groups().delete(group).handle((deleted, failure) -> {
                if (failure != null) {
                    means.events().postponed("forget " + group, failure);
                }
                return null;
            });
        });
    }

    /** Leaves the group, as a node that stops does. */
    synchronized CompletionStage<Void> end() {
        slots.close();
        state = state.exceptionally(failure -> null).thenCompose(this::close);
        return state.thenAccept(left -> {});
    }

    private CompletionStage<@Nullable Delivery> close(@Nullable Delivery delivery) {
        if (delivery == null) {
            return CompletableFuture.completedStage(null);
        }
        return delivery.end().handle((left, failure) -> null);
    }

    private CompletionStage<@Nullable Delivery> open() {
        return means.log()
                .open(QueueLog.Kind.ORDERED, topic)
                .thenCompose(there -> means.log().groups(topic + "."))
                // Who comes first finds what has waited for somebody; who comes later begins with what is new.
                .thenCompose(groups -> groups.isEmpty()
                        ? means.log().beginAtOldest(group, topic)
                        : means.groups().prepare(group, Set.of(topic)))
                .thenApply(placed -> deliver());
    }

    private Delivery deliver() {
        QueueSettings now = settings;
        return means.deliveries()
                .open(
                        new Plan(
                                new DeadLetter.Subject(DurableTopics.TYPE, of.topic()),
                                group,
                                Set.of(topic),
                                QueueMeans.retries(now),
                                QueueMeans.NEVER_ANSWERED,
                                QueueMeans.BOUNDS),
                        this);
    }

    @Override
    public boolean wants(Received record) {
        return record.value() != null;
    }

    @Override
    public @Nullable Object orderKey(Received record) {
        return settings.order() == QueueSettings.Order.FIFO ? of : null;
    }

    @Override
    public String functionId(Received record) {
        return of.functionId();
    }

    @Override
    public CompletionStage<Outcome> handle(Received record, int attempt) {
        Task task = Task.of(record);
        if (!task.isReadable()) {
            return means.bury(new DeadLetter.Subject(DurableTopics.TYPE, of.topic()), record, task.of(of.functionId()));
        }
        return means.presence().await(of.functionId(), GRACE).thenCompose(served -> slots.run(() -> call(record)));
    }

    private CompletionStage<Outcome> call(Received record) {
        Task task = Task.of(record).of(of.functionId());
        Instant deadline = means.clock().instant().plus(config.timeout());
        Invocation.Context context = new Invocation.Context(task.traceParent(), task.baggage(), null, null);
        return Conditions.ask(means.functions(), condition(), task.data(), deadline, context)
                .thenCompose(verdict -> switch (verdict) {
                    case Conditions.Verdict.Call ignored -> task.call(means.functions(), deadline);
                    case Conditions.Verdict.Skip ignored ->
                        CompletableFuture.<Outcome>completedStage(new Outcome.NoResult());
                    case Conditions.Verdict.Failed(Outcome.Failure failure) ->
                        CompletableFuture.<Outcome>completedStage(failure);
                });
    }

    /** The condition of the trigger whose turn it is. */
    private @Nullable String condition() {
        List<Trigger> now = List.copyOf(triggers);
        return now.isEmpty()
                ? null
                : now.get(Math.floorMod(turn.getAndIncrement(), now.size()))
                        .config()
                        .conditionId();
    }

    @Override
    public boolean counts(Received record, Outcome.Failure failure) {
        boolean tooLong = record.writtenAt()
                        .plus(config.absence())
                        .compareTo(means.clock().instant())
                <= 0;
        return tooLong || !Presence.wasNotTried(failure);
    }
}
