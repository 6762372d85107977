package io.millrace.kafka;

import java.time.Duration;

/**
 * The local copies of the change topics.
 *
 * @param threads that apply changes, in this process
 * @param standbys how many other nodes keep a copy of each partition
 * @param session how long a node may be silent before its partitions are given to others; the brokers allow 6 s and more
 * @param memoryBytes what all copies of this process may cache and buffer, outside the heap
 * @param fleet whether there are other nodes, so that stopping this one hands its partitions over at once; a single node
 *     stays a member instead and is quicker back
 */
public record StoreConfig(int threads, int standbys, Duration session, long memoryBytes, boolean fleet) {
    /** Checks the bounds. */
    public StoreConfig {
        if (threads < 1 || threads > 64) {
            throw new IllegalArgumentException("store threads: " + threads + " (expected: 1 to 64)");
        }
        if (standbys < 0 || standbys > 8) {
            throw new IllegalArgumentException("standbys: " + standbys + " (expected: 0 to 8)");
        }
        if (session.compareTo(Duration.ofSeconds(1)) < 0 || session.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("session: " + session + " (expected: PT1S to PT5M)");
        }
        if (memoryBytes < 16 << 20) {
            throw new IllegalArgumentException("store memory: " + memoryBytes + " bytes (expected: at least 16 MiB)");
        }
    }

    /**
     * How long after the group's coordinator has last answered this node may take what it owns for its own. In a fleet it is
     * a part of the session: nodes that seem dead are put out of the group before that has ended, and whoever takes over
     * waits for the lease. So all nodes must have the same session.
     */
    public Duration lease() {
        return fleet ? session.dividedBy(4) : session;
    }

    /** One node. */
    public static StoreConfig alone() {
        return new StoreConfig(1, 0, Duration.ofSeconds(6), 128L << 20, false);
    }

    /** One of several nodes. */
    public static StoreConfig inFleet() {
        return new StoreConfig(1, 1, Duration.ofSeconds(6), 128L << 20, true);
    }
}
