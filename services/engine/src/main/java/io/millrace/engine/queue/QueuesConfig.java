package io.millrace.engine.queue;

import java.time.Duration;
import java.util.Map;

/**
 * How queues are worked off.
 *
 * @param defaults for queues of which nothing else is said
 * @param named for those of which something is
 * @param timeout how long a function may take with one message; longer is a failed attempt; default 5 min
 * @param absence how long a message waits for a function that nobody serves, before that counts as a failed attempt;
 *     default 24 h
 * @param discovery how often we look for queues that another node has begun; default 2 s
 * @param maxDataBytes the largest data of a message, as compact JSON
 */
public record QueuesConfig(
        QueueSettings defaults,
        Map<String, QueueSettings> named,
        Duration timeout,
        Duration absence,
        Duration discovery,
        int maxDataBytes) {
    /** Copies what could change. */
    public QueuesConfig {
        named = Map.copyOf(named);
    }

    QueueSettings of(String queue) {
        return named.getOrDefault(queue, defaults);
    }
}
