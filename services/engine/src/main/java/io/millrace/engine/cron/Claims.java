package io.millrace.engine.cron;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Decides who runs a job when it is due, if several have it. Calls may come from any thread. */
public interface Claims {
    /** There is nobody else. */
    Claims ALONE = new Claims() {
        @Override
        public CompletionStage<Boolean> claim(String job, Instant due, Instant busyUntil) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public CompletionStage<@Nullable Void> done(String job, Instant due) {
            return CompletableFuture.completedStage(null);
        }
    };

    /**
     * Asks to run a job. Of all who ask for the same time at most one is told to, for ever; nobody is while another that
     * lives runs it.
     *
     * @param job what all who have it call it
     * @param busyUntil when others need not wait any longer for {@link #done}
     * @return completes with whether to run it; fails if that could not be found out: then it may be that nobody does
     */
    CompletionStage<Boolean> claim(String job, Instant due, Instant busyUntil);

    /** Lets others know that a run is over. Completes when they do, or cannot be told, never exceptionally. */
    CompletionStage<@Nullable Void> done(String job, Instant due);
}
