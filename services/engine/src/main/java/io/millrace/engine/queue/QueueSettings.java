package io.millrace.engine.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one queue is worked off.
 *
 * @param order which messages wait for which
 * @param groupField with {@link Order#FIFO}, the field of the data whose value says what is to be kept in order; null: all
 *     messages are in one order
 * @param attempts calls in all before a message goes to the dead letters, at least 1; default 3
 * @param concurrency the most calls at a time on one node, at least 1; default 10
 * @param backoff about how long after the first failure it is tried again, doubled after each further one; default 1 s
 */
public record QueueSettings(Order order, @Nullable String groupField, int attempts, int concurrency, Duration backoff) {
    /** Unless told otherwise. */
    public static final QueueSettings DEFAULT = new QueueSettings(Order.STANDARD, null, 3, 10, Duration.ofSeconds(1));

    /** Which messages wait for which. */
    public enum Order {
        /** None for any. */
        STANDARD,
        /** Each for those before it that have the same value in the group's field. */
        FIFO
    }

    /** Checks the bounds. */
    public QueueSettings {
        if (attempts < 1 || concurrency < 1 || backoff.isNegative()) {
            throw new IllegalArgumentException("attempts " + attempts + ", concurrency " + concurrency + ", backoff "
                    + backoff + " (expected: at least 1, at least 1, not negative)");
        }
    }
}
