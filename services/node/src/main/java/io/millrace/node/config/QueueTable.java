package io.millrace.node.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The settings of queues: those of all, and under {@link #PREFIX} those of one. */
final class QueueTable {
    static final Setting<Integer> PARTITIONS = new Setting<>(
            "queues.partitions",
            Kinds.whole(1, 1_000),
            "4",
            "Partitions of a queue that is new: at most so many nodes work one queue off together.");
    static final Setting<Duration> RETENTION = new Setting<>(
            "queues.retention",
            Kinds.span("1h", "3650d"),
            "7d",
            "How long the messages of a queue that is new are kept, handled or not.");
    static final Setting<Integer> ATTEMPTS = new Setting<>(
            "queues.attempts", Kinds.whole(1, 1_000), "3", "Calls in all before a message goes to the dead letters.");
    static final Setting<Integer> CONCURRENCY = new Setting<>(
            "queues.concurrency",
            Kinds.whole(1, 10_000),
            "10",
            "The most calls at a time that one node makes for one queue.");
    static final Setting<Duration> BACKOFF = new Setting<>(
            "queues.backoff",
            Kinds.span("0ms", "1h"),
            "1s",
            "About how long after its first failure a message is tried again; doubled after each further one.");
    static final Setting<Duration> TIMEOUT = new Setting<>(
            "queues.timeout",
            Kinds.span("10ms", "24h"),
            "5m",
            "How long a function may take with one message of a queue; longer is a failed attempt.");
    static final Setting<Duration> ABSENCE = new Setting<>(
            "queues.absence",
            Kinds.span("1s", "365d"),
            "24h",
            "How long a message waits for a function that nobody serves before it goes to the dead letters.");
    static final Setting<Duration> CRON_TIMEOUT = new Setting<>(
            "cron.timeout",
            Kinds.span("10ms", "24h"),
            "5m",
            "How long a function may take with one run of a cron job, which holds up the next run.");

    /** Settings of one queue are given under this prefix and its name. */
    static final String PREFIX = "queue.";

    private static final Kind<QueueOrder> ORDER = Kinds.choice(QueueOrder.class);
    private static final Kind<String> FIELD = Kinds.text("the name of a field", ".{1,256}");
    private static final Map<String, Kind<?>> OF_ONE = Map.of(
            "type", ORDER,
            "message-group-field", FIELD,
            "attempts", ATTEMPTS.kind(),
            "concurrency", CONCURRENCY.kind(),
            "backoff", BACKOFF.kind());

    private QueueTable() {}

    /** What is wrong with a setting of one queue, if anything. */
    static Optional<String> problem(Given given) {
        String property = property(given.name());
        Kind<?> kind = OF_ONE.get(property);
        if (kind == null || queue(given.name()).isEmpty()) {
            return Optional.of(given.name() + ": no such setting (from " + given.origin()
                    + "; expected: queue.<name>. and one of " + String.join(", ", new TreeMap<>(OF_ONE).keySet())
                    + ")");
        }
        try {
            var _ = kind.read(given.text());
            return Optional.empty();
        } catch (Unfit e) {
            return Optional.of(given.name() + ": \"" + given.text() + "\" (expected: " + kind.expected() + "; from "
                    + given.origin() + ")");
        }
    }

    /** What a setting of one queue takes. */
    static String expected(String name) {
        Kind<?> kind = OF_ONE.get(property(name));
        return kind == null ? "nothing" : kind.expected();
    }

    /** All of it, once it is right. */
    static QueueConfig read(Values values) {
        QueueConfig.Queue unsaid = new QueueConfig.Queue(
                QueueOrder.STANDARD,
                Optional.empty(),
                values.get(ATTEMPTS),
                values.get(CONCURRENCY),
                values.get(BACKOFF));
        Map<String, QueueConfig.Queue> named = new TreeMap<>();
        values.queues()
                .values()
                .forEach(given ->
                        named.merge(queue(given.name()), with(unsaid, given), (known, ignored) -> with(known, given)));
        return new QueueConfig(
                values.get(PARTITIONS),
                values.get(RETENTION),
                unsaid,
                named,
                values.get(TIMEOUT),
                values.get(ABSENCE),
                values.get(CRON_TIMEOUT));
    }

    private static QueueConfig.Queue with(QueueConfig.Queue queue, Given given) {
        try {
            return switch (property(given.name())) {
                case "type" -> queue.withOrder(ORDER.read(given.text()));
                case "message-group-field" -> queue.withGroupField(FIELD.read(given.text()));
                case "attempts" -> queue.withAttempts(ATTEMPTS.kind().read(given.text()));
                case "concurrency" -> queue.withConcurrency(CONCURRENCY.kind().read(given.text()));
                default -> queue.withBackoff(BACKOFF.kind().read(given.text()));
            };
        } catch (Unfit e) {
            throw new IllegalStateException(given.name() + ": read before it was checked", e);
        }
    }

    /** The name of a queue may have dots. */
    private static String queue(String name) {
        int end = name.lastIndexOf('.');
        return end < PREFIX.length() ? "" : name.substring(PREFIX.length(), end);
    }

    private static String property(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
