package io.millrace.engine.fleet;

import java.time.Duration;

/**
 * How nodes are watched.
 *
 * @param heartbeat how often this node says that it lives
 * @param silence after how long without a sign of life a node is dead
 * @param forget after how long a dead one is forgotten
 */
public record RosterConfig(Duration heartbeat, Duration silence, Duration forget) {
    /** Checks that a heartbeat can be late. */
    public RosterConfig {
        if (silence.compareTo(heartbeat.multipliedBy(2)) <= 0) {
            throw new IllegalArgumentException(
                    "silence: " + silence + " (expected: more than two heartbeats of " + heartbeat + ")");
        }
    }
}
