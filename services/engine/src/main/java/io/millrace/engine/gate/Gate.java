package io.millrace.engine.gate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stands between clients and streams. Calls may come from any thread and return at once; stages complete within the
 * configured time, on any thread, never exceptionally.
 */
public interface Gate {
    /** Lets everybody in. */
    Gate OPEN = new Gate() {
        @Override
        public boolean asksOnArrival() {
            return false;
        }

        @Override
        public CompletionStage<Verdict> arrive(Arrival arrival) {
            return CompletableFuture.completedStage(Verdict.Admitted.UNKNOWN);
        }

        @Override
        public boolean asksOnJoin(String streamName) {
            return false;
        }

        @Override
        public CompletionStage<Verdict> join(Visit visit) {
            return CompletableFuture.completedStage(Verdict.Admitted.UNKNOWN);
        }

        @Override
        public void joined(Visit visit) {}

        @Override
        public void left(Visit visit) {}
    };

    /** Whether {@link #arrive} is to be called before a socket opens. */
    boolean asksOnArrival();

    /** Whether a socket may open. */
    CompletionStage<Verdict> arrive(Arrival arrival);

    /** Whether {@link #join} is to be called, now, before a subscription to the stream begins. */
    boolean asksOnJoin(String streamName);

    /** Whether a subscription may begin. */
    CompletionStage<Verdict> join(Visit visit);

    /** A subscription that was let in, or that nobody had to be asked about, begins now. */
    void joined(Visit visit);

    /** A subscription has ended: to be called once for each that was let in. Returns before anybody has been told. */
    void left(Visit visit);
}
