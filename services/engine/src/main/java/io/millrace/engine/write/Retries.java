package io.millrace.engine.write;

import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
        Limited<T> result = new Limited<>(deadline, atDeadline);
        attempt(call, result, FIRST);
        if (!result.isDone()) {
            deadlines.watch(result);
        }
        return result;
    }

    private <T> void attempt(Supplier<CompletionStage<T>> call, Limited<T> result, Duration pause) {
        if (result.isDone()) {
            return;
        }
        CompletionStage<T> stage;
        try {
            stage = call.get();
        } catch (UnavailableException e) {
            failed(result, e, pause, next -> attempt(call, result, next));
            return;
        }
        stage.whenComplete((value, failure) -> {
            if (failure != null) {
                failed(result, cause(failure), pause, next -> attempt(call, result, next));
            } else if (!succeeded(result, value)) {
                Unwanted.close(value);
            }
        });
    }

    /** The pause before the second attempt. */
    static Duration firstPause() {
        return FIRST;
    }

    /** Ends a call. Says whether anybody still waited for it. */
    <T> boolean succeeded(Limited<T> result, T value) {
        deadlines.forget(result);
        return result.complete(value);
    }

    /** Ends a call in which an attempt failed, or has it make another after {@code pause}, given the pause after that. */
    void failed(Limited<?> result, Throwable cause, Duration pause, Consumer<Duration> attempt) {
        boolean again = cause instanceof UnavailableException e && e.worthWaiting() && !deadlines.passed(result);
        if (again) {
            Duration longer = pause.multipliedBy(2);
            Duration next = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
            scheduler.after(pause, () -> attempt.accept(next));
        } else {
            deadlines.forget(result);
            result.completeExceptionally(cause);
        }
    }

    /** Has a call end at its deadline. */
    void watch(Limited<?> result) {
        deadlines.watch(result);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }
}
