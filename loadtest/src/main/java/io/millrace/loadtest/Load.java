package io.millrace.loadtest;

import java.time.Duration;

/** How a target is loaded. */
sealed interface Load {
    /** For the table of results. */
    String name();

    /** Not counted. */
    Duration warmUp();

    /** Counted. */
    Duration window();

    /**
     * So many writes a second, whether or not the ones before are answered. Latency counts from the time a write was due, so
     * a target that stalls cannot hide it.
     */
    record Open(int perSecond, Duration warmUp, Duration window) implements Load {
        @Override
        public String name() {
            return perSecond + "/s";
        }
    }

    /** As fast as it can: so many writes are always under way. Latency counts from the call. */
    record Closed(int inFlight, Duration warmUp, Duration window) implements Load {
        @Override
        public String name() {
            return inFlight + " in flight";
        }
    }
}
