package io.millrace.engine.queue;

import io.millrace.engine.deliver.Deliveries;
import io.millrace.engine.deliver.Plan;
import io.millrace.engine.deliver.RetryPolicy;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What queues live on.
 *
 * @param ids of messages whose senders give none
 */
public record QueueMeans(
        QueueLog log,
        ConsumerGroups groups,
        Deliveries deliveries,
        DeadLetters deadLetters,
        Invoker functions,
        Scheduler scheduler,
        InstantSource clock,
        Supplier<UUID> ids,
        QueueEvents events) {
    /** Calls end by their own deadline; this one only makes sure that nothing is held for ever. */
    static final Duration NEVER_ANSWERED = Duration.ofDays(2);

    /** How much of a partition is in memory. How many calls are under way is up to {@link Slots}. */
    static final Plan.Bounds BOUNDS = new Plan.Bounds(256, 2_000, 16L << 20);

    /** Waits for somebody to serve a function may grow up to that, whatever the back-off. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final int MOST_DOUBLINGS = 6;

    /** How often and when a message is tried again. */
    static RetryPolicy retries(QueueSettings settings) {
        Duration last = settings.backoff().multipliedBy(1L << Math.min(settings.attempts(), MOST_DOUBLINGS));
        return new RetryPolicy(
                settings.attempts(), settings.backoff(), last.compareTo(LONGEST_WAIT) > 0 ? last : LONGEST_WAIT);
    }

    /** Keeps what is no JSON as a dead letter with a string, for nobody could read the letter otherwise. */
    CompletionStage<Outcome> bury(DeadLetter.Subject subject, Received record, Task task) {
        return deadLetters
                .keep(new DeadLetter(
                        subject,
                        task.functionId(),
                        record.at(),
                        record.offset(),
                        0,
                        "malformed_message",
                        "the message is no JSON",
                        clock.instant(),
                        task.quoted().data()))
                .thenApply(kept -> new Outcome.NoResult());
    }

    Presence presence() {
        return new Presence(functions, scheduler);
    }
}
