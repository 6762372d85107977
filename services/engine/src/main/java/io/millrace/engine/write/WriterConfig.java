package io.millrace.engine.write;

import java.time.Duration;

/**
 * The bounds of one partition's writer.
 *
 * @param maxValueBytes the largest value, as compact JSON
 * @param batchMaxMutations how many mutations one transaction takes at most
 * @param batchMaxBytes how many bytes of records one transaction takes, more only for a single larger mutation
 * @param queueMaxMutations how many mutations may wait before callers are refused
 * @param queueMaxBytes how many bytes of mutations may wait before callers are refused
 * @param overlayKeptBytes about how many bytes of the values written last are kept at hand though the store has them
 * @param dedupeWindow how long a mutation id is remembered
 * @param dedupeMaxEntries how many mutation ids are remembered, the newest
 * @param dedupeMaxBytes how many bytes of replies are remembered, the newest
 * @param fencedHoldOff how long an owner that was fenced waits before it takes over again, if it is still to be the owner
 * @param leaseTime how long the owner before may still answer reads when it was not asked to go; the longest lease of any
 *     node, 0 if there can be no other
 * @param retryBackOff how long to wait before an unreachable log is tried again
 */
public record WriterConfig(
        int maxValueBytes,
        int batchMaxMutations,
        int batchMaxBytes,
        int queueMaxMutations,
        long queueMaxBytes,
        long overlayKeptBytes,
        Duration dedupeWindow,
        int dedupeMaxEntries,
        long dedupeMaxBytes,
        Duration fencedHoldOff,
        Duration leaseTime,
        Duration retryBackOff) {
    /** Checks that every bound leaves room for something. */
    public WriterConfig {
        atLeast("maxValueBytes", maxValueBytes, 1);
        atLeast("batchMaxMutations", batchMaxMutations, 1);
        atLeast("batchMaxBytes", batchMaxBytes, 1);
        atLeast("queueMaxMutations", queueMaxMutations, 1);
        atLeast("queueMaxBytes", queueMaxBytes, 1);
        atLeast("overlayKeptBytes", overlayKeptBytes, 0);
        atLeast("dedupeWindow", dedupeWindow.toMillis(), 0);
        atLeast("dedupeMaxEntries", dedupeMaxEntries, 0);
        atLeast("dedupeMaxBytes", dedupeMaxBytes, 0);
        atLeast("fencedHoldOff", fencedHoldOff.toMillis(), 0);
        atLeast("leaseTime", leaseTime.toMillis(), 0);
        atLeast("retryBackOff", retryBackOff.toMillis(), 0);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least " + least + ")");
        }
    }

    /** What a node starts with when nothing else is said. */
    public static WriterConfig defaults() {
        return new WriterConfig(
                1 << 20,
                4_096,
                2 << 20,
                50_000,
                64L << 20,
                1L << 20,
                Duration.ofMinutes(5),
                100_000,
                16L << 20,
                Duration.ofSeconds(1),
                Duration.ZERO,
                Duration.ofMillis(500));
    }
}
