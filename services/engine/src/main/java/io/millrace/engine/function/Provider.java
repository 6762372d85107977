package io.millrace.engine.function;

import java.util.concurrent.CompletionStage;

/** One who serves a function that is not ours: a connected worker, or an HTTP endpoint. Calls may come from any thread. */
public interface Provider {
    /**
     * Passes a call on.
     *
     * @return completes with the outcome, never exceptionally
     */
    CompletionStage<Outcome> call(Invocation invocation);

    /** How many calls it has not answered. */
    int inFlight();

    /** Whether it does not take what it is sent, or has as much as it may have: others are preferred. */
    boolean isCongested();

    /** The worker it belongs to. */
    String workerId();
}
