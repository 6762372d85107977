package io.millrace.engine.deliver;

import java.util.concurrent.CompletionStage;

/** A delivery under way. Calls may come from any thread. */
public interface Delivery extends AutoCloseable {
    /** Records not brought yet, and those brought but not done with. */
    long lag();

    /** Calls under way. */
    int calls();

    /** Records that wait to be tried again. */
    int retries();

    /**
     * Calls no more and leaves the group. What is not done with is delivered again by whoever gets the partition next.
     *
     * @return completes when it has left
     */
    CompletionStage<Void> end();

    /** Ends it and waits for that, though not for ever. */
    @Override
    void close();
}
