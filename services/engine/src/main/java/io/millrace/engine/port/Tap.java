package io.millrace.engine.port;

import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * The ends of topics, followed by one reader per node while anybody listens. Names are given without the prefix that all of
 * ours have. Calls may come from any thread and return at once.
 */
public interface Tap {
    /**
     * Tells {@code listener} every record committed from some moment on.
     *
     * @return who listens, and since when
     */
    Tapping open(Set<String> topics, Listener listener);

    /** Somebody listens. */
    interface Tapping extends AutoCloseable {
        /** Completes when every record committed from then on will be told; fails when it is closed before. */
        CompletionStage<Void> following();

        /** Tells no more. */
        @Override
        void close();
    }

    /** Gets what is told. */
    @FunctionalInterface
    interface Listener {
        /**
         * One record, tombstones too; those of one partition in order. Must return at once: everybody else waits. After an
         * outage some may be told again, or be missing.
         */
        void told(Received record);
    }
}
