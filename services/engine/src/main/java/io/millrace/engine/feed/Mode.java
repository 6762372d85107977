package io.millrace.engine.feed;

import java.time.Duration;

/** Which frames a subscription wants. */
public sealed interface Mode {
    /** Every one. Who cannot keep up is told {@code reset}, and gets a fresh snapshot. */
    enum Every implements Mode {
        /** The only one. */
        EVERY
    }

    /**
     * The newest of each item, and of each type of event: all of them for those who keep up, fewer for others.
     *
     * @param interval the least time between two frames, or groups of frames; zero for none
     */
    record Latest(Duration interval) implements Mode {
        /** Checks that the interval is none or at least a millisecond. */
        public Latest {
            if (interval.isNegative() || (interval.isPositive() && interval.toMillis() == 0)) {
                throw new IllegalArgumentException("interval: " + interval + " (expected: 0 or at least 1 ms)");
            }
        }
    }
}
