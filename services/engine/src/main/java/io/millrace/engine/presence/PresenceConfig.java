package io.millrace.engine.presence;

import java.time.Duration;

/**
 * Whose subscriptions, and how they are kept.
 *
 * @param node the name of this node, unlike that of any other that runs
 * @param startMs when this node was started, in milliseconds since 1970
 * @param keep how long the leaves of those who were connected when this node died wait for somebody who wants to be told;
 *     at least 1 s
 * @param maxListBytes the largest answer of {@code stream::subscribers}
 */
public record PresenceConfig(String node, long startMs, Duration keep, int maxListBytes) {
    /** Checks the bounds. */
    public PresenceConfig {
        if (keep.toSeconds() < 1) {
            throw new IllegalArgumentException("keep: " + keep + " (expected: at least PT1S)");
        }
        if (maxListBytes < 1) {
            throw new IllegalArgumentException("maxListBytes: " + maxListBytes + " (expected: at least 1)");
        }
    }
}
