package io.millrace.engine.reach;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts registrations of triggers: later ones have larger stamps, on one node and on all that have heard of one another
 * since; otherwise by the nodes' clocks. So of two triggers with one id the one stays that was registered last.
 */
final class Stamps {
    private final InstantSource clock;
    private long last;

    Stamps(InstantSource clock) {
        this.clock = clock;
    }

    long next() {
        last = Math.max(last + 1, clock.millis());
        return last;
    }

    void heard(long stamp) {
        last = Math.max(last, stamp);
    }

    /** Whether a trigger of another node was registered after one of this node, if there is one. */
    static boolean isLater(long stamp, String node, @Nullable Long here, String self) {
        return here != null && (stamp > here || (stamp == here && node.compareTo(self) > 0));
    }
}
