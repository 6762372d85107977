package io.millrace.engine.queue;

import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters that nobody has settled: neither sent to their functions once more nor thrown away. What has been settled
 * is on a topic of marks, so that it stays so. The letters themselves are read from Kafka each time somebody asks: there
 * should be few, and memory is for what happens all the time.
 */
final class Letters {
    static final String MARKS = "dead-letters.settled";

    private final QueueMeans means;
    private final Queues queues;
    private final Redriven redriven;
    /** What is settled is settled one after another, or the same letter would go out twice. */
    private CompletableFuture<Integer> last = CompletableFuture.completedFuture(0);

    Letters(QueueMeans means, Queues queues, Redriven redriven) {
        this.means = means;
        this.queues = queues;
        this.redriven = redriven;
    }

    /**
     * A letter that is not settled.
     *
     * @param id for people and programs to name it by
     * @param sizeBytes of the whole record
     */
    record Open(String id, DeadLetter letter, int sizeBytes) {}

    /** Gets letters, on a thread that it may block. Says whether it wants more. */
    @FunctionalInterface
    interface Reader {
        boolean read(Open open);
    }

    /** Reads the letters that are not settled. Completes when all have been read. */
    CompletionStage<Void> read(Predicate<DeadLetter.Subject> whose, Reader reader) {
        Set<String> settled = new HashSet<>();
        return means.log()
                .read(MARKS, mark -> {
                    if (mark.key() != null && mark.value() != null) {
                        settled.add(new String(mark.key().array(), StandardCharsets.UTF_8));
                    }
                    return true;
                })
                .thenCompose(marks -> means.log().read(DeadLetters.TOPIC, record -> {
                    Open open = open(record);
                    return open == null
                            || settled.contains(open.id())
                            || !whose.test(open.letter().subject())
                            || reader.read(open);
                }));
    }

    private static @Nullable Open open(Received record) {
        if (record.value() == null) {
            return null;
        }
        try {
            DeadLetter letter = DeadLetter.of(record.value());
            return letter == null
                    ? null
                    // With the time, since the topic may be deleted and begin anew.
                    : new Open(
                            record.at().partition() + "-" + record.offset() + "-"
                                    + Long.toString(letter.failedAt().toEpochMilli(), 36),
                            letter,
                            record.sizeBytes());
        } catch (UnreadableTextException e) {
            return null; // somebody else's record
        }
    }

    /**
     * Settles letters.
     *
     * @param only the one letter that is meant, or null for all of them
     * @param redrive whether they go to their functions once more; else they are thrown away
     * @return completes with how many there were
     */
    synchronized CompletionStage<Integer> settle(
            Predicate<DeadLetter.Subject> whose, @Nullable String only, boolean redrive) {
        last = last.handle((count, failure) -> null).thenCompose(free -> settleNow(whose, only, redrive));
        return last;
    }

    private CompletionStage<Integer> settleNow(
            Predicate<DeadLetter.Subject> whose, @Nullable String only, boolean redrive) {
        AtomicInteger count = new AtomicInteger();
        return read(whose, open -> {
                    if (only != null && !only.equals(open.id())) {
                        return true;
                    }
                    CompletionStage<Void> sent = redrive ? redrive(open) : CompletableFuture.completedStage(null);
                    // On its way before it is marked: a crash in between sends it twice, which is better than never.
                    sent.thenCompose(safe -> mark(open, redrive))
                            .toCompletableFuture()
                            .join();
                    means.events().settled(open.letter().subject(), redrive);
                    count.incrementAndGet();
                    return only == null;
                })
                .thenApply(done -> count.get());
    }

    private CompletionStage<Void> redrive(Open open) {
        DeadLetter letter = open.letter();
        if (!letter.subject().kind().equals(NamedQueue.KIND)) {
            return redriven.send(letter, open.id());
        }
        Task task = new Task(letter.functionId(), open.id(), letter.payload(), null, null);
        return queues.putBack(letter.subject().name(), task);
    }

    private CompletionStage<Void> mark(Open open, boolean redrive) {
        JsonText text = new JsonText()
                .raw("{\"settled\":")
                .quoted(redrive ? "redriven" : "discarded")
                .raw(",\"at\":")
                .number(means.clock().millis())
                .raw("}");
        return means.log().append(QueueLog.Kind.MARKS, MARKS, open.id(), new QueueLog.Entry(text.toJson(), Map.of()));
    }
}
