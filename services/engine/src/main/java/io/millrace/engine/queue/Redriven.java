package io.millrace.engine.queue;

import io.millrace.engine.deliver.Delivery;
import io.millrace.engine.deliver.Handler;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of triggers and durable topics on their way to the same function once more. They cannot go back where they
 * came from, as others have read them there. What fails again is a dead letter of the same subject again.
 */
final class Redriven implements Handler {
    static final String TOPIC = "redriven";

    private static final String KIND = "millrace-subject-kind";
    private static final String NAME = "millrace-subject-name";

    private final QueuesConfig config;
    private final QueueMeans means;
    private final Slots slots;
    private @Nullable CompletableFuture<Delivery> open;
    private boolean closed;

    Redriven(QueuesConfig config, QueueMeans means) {
        this.config = config;
        this.means = means;
        this.slots = new Slots(config.defaults().concurrency());
    }

    /** Whether it is under way here. */
    synchronized boolean isOpen() {
        return open != null;
    }

    /** Goes on with what is under way since before this node was started, or at another node. */
    CompletionStage<Void> begin() {
        return means.log()
                .topics(TOPIC)
                .thenCompose(topics -> topics.contains(TOPIC)
                        ? deliver().thenAccept(delivering -> {})
                        : CompletableFuture.completedStage(null));
    }

    /** Sends one to its function. Completes when it is safely on its way. */
    CompletionStage<Void> send(DeadLetter letter, String messageId) {
        Task task = new Task(letter.functionId(), messageId, letter.payload(), null, null);
        DeadLetter.Subject subject = letter.subject();
        return deliver()
                .thenCompose(delivering -> means.log()
                        .append(
                                QueueLog.Kind.QUEUE,
                                TOPIC,
                                null,
                                task.entry(Map.of(KIND, subject.kind(), NAME, subject.name()))));
    }

    private synchronized CompletionStage<Delivery> deliver() {
        CompletableFuture<Delivery> known = open;
        if (known != null) {
            return known;
        }
        CompletableFuture<Delivery> mine = new CompletableFuture<>();
        open = mine;
        var _ = means.log()
                .open(QueueLog.Kind.QUEUE, TOPIC)
                .thenCompose(there -> means.log().beginAtOldest(TOPIC, TOPIC))
                .whenComplete((placed, failure) -> begun(mine, failure));
        return mine;
    }

    private synchronized void begun(CompletableFuture<Delivery> mine, @Nullable Throwable failure) {
        if (failure != null || closed) {
            open = null;
            mine.completeExceptionally(failure == null ? new IllegalStateException("redriven: closed") : failure);
            return;
        }
        mine.complete(means.deliveries()
                .open(
                        new Plan(
                                new DeadLetter.Subject(TOPIC, TOPIC),
                                TOPIC,
                                Set.of(TOPIC),
                                QueueMeans.retries(config.defaults()),
                                QueueMeans.NEVER_ANSWERED,
                                QueueMeans.BOUNDS),
                        this));
    }

    @Override
    public boolean wants(Received record) {
        return record.value() != null;
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
        return slots.run(() ->
                        task.call(means.functions(), means.clock().instant().plus(config.timeout())))
                .thenCompose(outcome -> {
                    boolean last = attempt >= config.defaults().attempts();
                    if (outcome instanceof Outcome.Failure failure && last && counts(record, failure)) {
                        return means.deadLetters()
                                .keep(letter(record, task, attempt, failure))
                                .thenApply(kept -> new Outcome.NoResult());
                    }
                    return CompletableFuture.completedStage(outcome);
                });
    }

    private DeadLetter letter(Received record, Task task, int attempts, Outcome.Failure failure) {
        return new DeadLetter(
                new DeadLetter.Subject(
                        String.valueOf(record.headers().text(KIND)),
                        String.valueOf(record.headers().text(NAME))),
                task.functionId(),
                record.at(),
                record.offset(),
                attempts,
                failure.code(),
                failure.message(),
                means.clock().instant(),
                task.data());
    }

    @Override
    public boolean counts(Received record, Outcome.Failure failure) {
        boolean tooLong = record.writtenAt()
                        .plus(config.absence())
                        .compareTo(means.clock().instant())
                <= 0;
        return tooLong || !Presence.wasNotTried(failure);
    }

    /** Ends it on this node. */
    synchronized CompletionStage<Void> end() {
        closed = true;
        slots.close();
        CompletableFuture<Delivery> known = open;
        return known == null
                ? CompletableFuture.completedStage(null)
                : known.thenCompose(Delivery::end).exceptionally(failure -> null);
    }
}
