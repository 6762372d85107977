package io.millrace.node.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Queues, and cron jobs.
 *
 * @param partitions of a queue that is new
 * @param retention of a queue that is new
 * @param defaults for queues of which nothing else is said
 * @param named those of which something is
 * @param timeout how long a function may take with one message
 * @param absence how long a message waits for a function that nobody serves
 * @param cronTimeout how long a function may take with one run
 */
public record QueueConfig(
        int partitions,
        Duration retention,
        Queue defaults,
        Map<String, Queue> named,
        Duration timeout,
        Duration absence,
        Duration cronTimeout) {
    /** Copies what could change. */
    public QueueConfig {
        named = Map.copyOf(named);
    }

    /**
     * One queue.
     *
     * @param groupField with FIFO, the field whose value says what is to be kept in order; none: everything
     */
    public record Queue(
            QueueOrder order, Optional<String> groupField, int attempts, int concurrency, Duration backoff) {
        Queue withOrder(QueueOrder given) {
            return new Queue(given, groupField, attempts, concurrency, backoff);
        }

        Queue withGroupField(String given) {
            return new Queue(order, Optional.of(given), attempts, concurrency, backoff);
        }

        Queue withAttempts(int given) {
            return new Queue(order, groupField, given, concurrency, backoff);
        }

        Queue withConcurrency(int given) {
            return new Queue(order, groupField, attempts, given, backoff);
        }

        Queue withBackoff(Duration given) {
            return new Queue(order, groupField, attempts, concurrency, given);
        }
    }
}
