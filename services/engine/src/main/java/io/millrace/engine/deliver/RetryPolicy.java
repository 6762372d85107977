package io.millrace.engine.deliver;

import java.time.Duration;

/**
 * How often and when a failed delivery is tried again.
 *
 * @param attempts calls in all before an event goes to the dead letters, at least 1
 * @param first about how long after the first failure; doubled after each further one
 * @param longest the longest wait
 */
public record RetryPolicy(int attempts, Duration first, Duration longest) {
    /** Five attempts: after about 1, 2, 4 and 8 seconds. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofMinutes(1));

    /** Checks the bounds. */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts + " (expected: at least 1)");
        }
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "wait: " + first + " to " + longest + " (expected: not negative, and rising)");
        }
    }

    /**
     * How long to wait after a failure: between half and all of what doubling gives, so that what failed together is not
     * tried again together.
     *
     * @param failures how often it has failed, from 1
     * @param chance from 0 to 1
     */
    Duration after(int failures, double chance) {
        long fullNs = longest.toNanos();
        int doublings = Math.min(failures - 1, 30);
        if (first.toNanos() <= fullNs >> doublings) {
            fullNs = first.toNanos() << doublings;
        }
        return Duration.ofNanos((long) (fullNs * (0.5 + chance / 2)));
    }
}
