package io.millrace.engine.queue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what ends when everything stops. */
final class Ends {
    private static final long LONGEST_SECONDS = 5;

    private Ends() {}

    /** Returns when all have ended in whatever way, or after a while. */
    static void await(List<CompletableFuture<?>> ending) {
        try {
            CompletableFuture.allOf(ending.toArray(CompletableFuture[]::new)).get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // What has not left its group is taken for dead in time.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
