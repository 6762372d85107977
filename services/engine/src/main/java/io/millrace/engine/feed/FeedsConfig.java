package io.millrace.engine.feed;

import java.time.Duration;

/**
 * How subscriptions are fed.
 *
 * @param heldBytes how much one subscription may hold back while its snapshot is taken; beyond it the
 *     changes held are dropped and another snapshot taken, and so are the events if they are more than half of it, which
 *     the subscriber is told. At least 1 KiB
 * @param laneBytes how far a lane may fall behind the tail before the tail waits for it. At least 64 KiB
 * @param cutsPerPartition how many snapshots of one partition are taken at a time, at least 1
 * @param cutTimeout how long to wait for one cut before trying again
 * @param firstRetry how long to wait after the first failure, at least 1 ms; doubled after each further one
 * @param mostRetry how long to wait at most
 * @param linger how long a partition is followed after its last subscription has gone
 */
public record FeedsConfig(
        int heldBytes,
        long laneBytes,
        int cutsPerPartition,
        Duration cutTimeout,
        Duration firstRetry,
        Duration mostRetry,
        Duration linger) {
    /** Checks the bounds. */
    public FeedsConfig {
        atLeast("heldBytes", heldBytes, 1 << 10);
        atLeast("laneBytes", laneBytes, 1 << 16);
        atLeast("cutsPerPartition", cutsPerPartition, 1);
        atLeast("cutTimeout (ms)", cutTimeout.toMillis(), 1);
        atLeast("firstRetry (ms)", firstRetry.toMillis(), 1);
        atLeast("mostRetry (ms)", mostRetry.toMillis(), firstRetry.toMillis());
        atLeast("linger (ms)", linger.toMillis(), 0);
    }

    /** 1 MiB held, lanes 64 MiB behind, 8 cuts at a time, each within 10 s, retries after 20 ms to 2 s, 10 s of linger. */
    public static FeedsConfig defaults() {
        return new FeedsConfig(
                1 << 20,
                64L << 20,
                8,
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10));
    }

    private static void atLeast(String what, long actual, long expected) {
        if (actual < expected) {
            throw new IllegalArgumentException(what + ": " + actual + " (expected: at least " + expected + ")");
        }
    }
}
