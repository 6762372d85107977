package io.millrace.engine.route;

import java.util.concurrent.CompletionStage;

/** How a thread that walks through a snapshot waits for the rest of it. */
@FunctionalInterface
public interface Waiting {
    /** What the stage comes to; a failure as a {@link java.util.concurrent.CompletionException}. */
    byte[] until(CompletionStage<byte[]> answer);

    /** Blocks the thread. */
    static Waiting blocking() {
        return answer -> answer.toCompletableFuture().join();
    }
}
