package io.millrace.engine.deliver;

import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.TopicPartition;
import java.time.Duration;

/** Gets told how delivery goes. Calls come from any thread and must return at once. */
public interface DeliveryEvents {
    /** A delivery has begun; its figures can be read until it has {@linkplain #ended ended}. */
    default void began(DeadLetter.Subject subject, Delivery delivery) {}

    /** It has ended. */
    default void ended(DeadLetter.Subject subject, Delivery delivery) {}

    /** A record was handled. */
    default void delivered(DeadLetter.Subject subject, Duration took) {}

    /** An attempt failed; the next one comes after so long. */
    default void failed(
            DeadLetter.Subject subject,
            TopicPartition at,
            long offset,
            int attempt,
            Outcome.Failure failure,
            Duration nextIn) {}

    /** A record has gone to the dead letters. */
    default void deadLettered(DeadLetter letter) {}

    /** A dead letter could not be kept, and is tried again. */
    default void notKept(DeadLetter letter, Throwable failure) {}
}
