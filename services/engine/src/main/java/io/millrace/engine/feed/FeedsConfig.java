package io.millrace.engine.feed;

import java.time.Duration;

/**
 * How subscriptions are fed.
 *
 * @param windowBytes about how much of what was told last is kept of each partition, for those who come back or do not
 *     keep up; and how much of what was read again for them. At least 1 KiB
 * @param replayRecords at most so many records of a partition's topic are read again; who lacks more is told {@code reset}
 * @param history how long the log keeps every change; who was away for nearly as long is told {@code reset}
 * @param laneBytes how far a lane may fall behind the tail before the tail waits for it. At least 64 KiB
 * @param cutsPerPartition how many snapshots of one partition are taken at a time, at least 1
 * @param cutTimeout how long to wait for one cut before trying again
 * @param firstRetry how long to wait after the first failure, at least 1 ms; doubled after each further one
 * @param mostRetry how long to wait at most
 * @param linger how long a partition is followed after its last subscription has gone
 */
public record FeedsConfig(
        int windowBytes,
        int replayRecords,
        Duration history,
        long laneBytes,
        int cutsPerPartition,
        Duration cutTimeout,
        Duration firstRetry,
        Duration mostRetry,
        Duration linger) {
    private static final int MOST_DOUBLINGS = 30;

    /** Checks the bounds. */
    public FeedsConfig {
        atLeast("windowBytes", windowBytes, 1 << 10);
        atLeast("replayRecords", replayRecords, 0);
        atLeast("history (ms)", history.toMillis(), 1);
        atLeast("laneBytes", laneBytes, 1 << 16);
        atLeast("cutsPerPartition", cutsPerPartition, 1);
        atLeast("cutTimeout (ms)", cutTimeout.toMillis(), 1);
        atLeast("firstRetry (ms)", firstRetry.toMillis(), 1);
        atLeast("mostRetry (ms)", mostRetry.toMillis(), firstRetry.toMillis());
        atLeast("linger (ms)", linger.toMillis(), 0);
    }

    /**
     * 8 MiB and 50,000 records of each partition, a day of history, lanes 64 MiB behind, 8 cuts at a time, each within
     * 10 s, retries after 20 ms to 2 s, 10 s of linger.
     */
    public static FeedsConfig defaults() {
        return of(8 << 20, 50_000, Duration.ofHours(24));
    }

    /** The usual ones but for what may be configured. */
    public static FeedsConfig of(int windowBytes, int replayRecords, Duration history) {
        return new FeedsConfig(
                windowBytes,
                replayRecords,
                history,
                64L << 20,
                8,
                Duration.ofSeconds(10),
                Duration.ofMillis(20),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10));
    }

    /** How long to wait after so many failures before this one. */
    Duration retryDelay(int failures) {
        long delayMs = firstRetry.toMillis() << Math.min(failures, MOST_DOUBLINGS);
        return Duration.ofMillis(Math.min(delayMs, mostRetry.toMillis()));
    }

    private static void atLeast(String what, long actual, long expected) {
        if (actual < expected) {
            throw new IllegalArgumentException(what + ": " + actual + " (expected: at least " + expected + ")");
        }
    }
}
