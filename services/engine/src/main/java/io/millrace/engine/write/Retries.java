package io.millrace.engine.write;

import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Asks the owner again and again until it answers or the deadline has come. */
public final class Retries {
    private static final Duration FIRST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMillis(250);

    private final Deadlines deadlines;
    private final Scheduler scheduler;

    /** Waits with {@code scheduler}, ends with {@code deadlines}. */
    public Retries(Deadlines deadlines, Scheduler scheduler) {
        this.deadlines = deadlines;
        this.scheduler = scheduler;
    }

    /**
     * Makes a call until it comes to something other than an {@link UnavailableException} that is worth waiting for.
     *
     * @param call may also throw what its stage may fail with
     * @return fails with {@link UnavailableException} at the deadline
     */
    public <T> CompletionStage<T> until(Instant deadline, String atDeadline, Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> result = deadlines.limit(new CompletableFuture<>(), deadline, atDeadline);
        attempt(call, result, deadline, FIRST);
        return result;
    }

    private <T> void attempt(
            Supplier<CompletionStage<T>> call, CompletableFuture<T> result, Instant deadline, Duration pause) {
        if (result.isDone()) {
            return;
        }
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (UnavailableException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                if (!result.complete(value)) {
                    Unwanted.close(value);
                }
            } else if (cause(failure) instanceof UnavailableException e
                    && e.worthWaiting()
                    && !deadlines.passed(deadline)) {
                Duration longer = pause.multipliedBy(2);
                Duration next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
                scheduler.after(pause, () -> attempt(call, result, deadline, next));
            } else {
                result.completeExceptionally(cause(failure));
            }
        });
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }
}
