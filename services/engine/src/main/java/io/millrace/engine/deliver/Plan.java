package io.millrace.engine.deliver;

import io.millrace.engine.port.DeadLetter;
import java.time.Duration;
import java.util.Set;

/**
 * What is to be delivered, and how.
 *
 * @param subject whose dead letters they would be
 * @param group the consumer group, without the prefix that all of ours have; must have been prepared
 * @param topics without that prefix
 * @param timeout how long a call may take; longer is a failed attempt
 * @param bounds how much at a time
 */
public record Plan(
        DeadLetter.Subject subject,
        String group,
        Set<String> topics,
        RetryPolicy retries,
        Duration timeout,
        Bounds bounds) {
    /** Copies what could change. */
    public Plan {
        topics = Set.copyOf(topics);
    }

    /**
     * How much of one partition at a time.
     *
     * @param calls the most calls under way
     * @param held the most records in memory that are not done with; a few more come before reading pauses
     * @param heldBytes the most bytes of them, likewise
     */
    public record Bounds(int calls, int held, long heldBytes) {
        /** For quick functions. */
        public static final Bounds DEFAULT = new Bounds(64, 2_000, 8L << 20);

        /** Checks the bounds. */
        public Bounds {
            if (calls < 1 || held < 1 || heldBytes < 1) {
                throw new IllegalArgumentException(
                        "calls " + calls + ", held " + held + ", bytes " + heldBytes + " (expected: at least 1)");
            }
        }
    }
}
