package io.millrace.kafka;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The topics we write to. Those that are absent are created like this; those that exist must fit.
 *
 * @param prefix of their names, of transactional ids and of the consumer group; may be empty
 * @param partitions of each change topic; when empty, what is there decides, else 8 with one replica and 32 with more
 * @param replicas of each partition; with more than one, two must have a record before it counts
 * @param history how long the topics hold every change; older ones only the latest per key
 * @param maxValueBytes the largest JSON value; a record with the old and the new one fits
 */
public record TopicsConfig(String prefix, OptionalInt partitions, int replicas, Duration history, int maxValueBytes) {
    /** The prefix unless told otherwise. */
    public static final String PREFIX = "millrace.";

    /** The history window unless told otherwise. */
    public static final Duration HISTORY = Duration.ofHours(24);

    /** The largest value unless told otherwise. */
    public static final int MAX_VALUE_BYTES = 1 << 20;

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{0,150}");

    /** Checks names and bounds. */
    public TopicsConfig {
        if (!LEGAL.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "topic prefix: " + prefix + " (expected: at most 150 letters, digits, dots, dashes, underscores)");
        }
        if (partitions.isPresent() && (partitions.getAsInt() < 1 || partitions.getAsInt() > 1_000)) {
            throw new IllegalArgumentException("partitions: " + partitions.getAsInt() + " (expected: 1 to 1000)");
        }
        if (replicas < 1 || replicas > 9) {
            throw new IllegalArgumentException("replicas: " + replicas + " (expected: 1 to 9)");
        }
        if (history.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("history: " + history + " (expected: at least PT1M)");
        }
        if (maxValueBytes < 1_024 || maxValueBytes > 32 << 20) {
            throw new IllegalArgumentException(
                    "largest value: " + maxValueBytes + " bytes (expected: 1 KiB to 32 MiB)");
        }
    }

    /** For a cluster of one broker. */
    public static TopicsConfig oneBroker() {
        return new TopicsConfig(PREFIX, OptionalInt.empty(), 1, HISTORY, MAX_VALUE_BYTES);
    }

    /** For a cluster of three brokers or more. */
    public static TopicsConfig replicated() {
        return new TopicsConfig(PREFIX, OptionalInt.empty(), 3, HISTORY, MAX_VALUE_BYTES);
    }

    /** The largest record: old and new value, and room for names, headers and the errors of an update. */
    int maxRecordBytes() {
        return 2 * maxValueBytes + (1 << 20);
    }

    int partitionsOfNewTopics() {
        return partitions.orElse(replicas == 1 ? 8 : 32);
    }
}
