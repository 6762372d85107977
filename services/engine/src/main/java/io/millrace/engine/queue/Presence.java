package io.millrace.engine.queue;

import io.millrace.engine.function.Availability;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Whether somebody serves a function, or will soon. */
record Presence(Availability functions, Scheduler scheduler) {
    /** Completes with yes as soon as somebody serves the function, with no if nobody does for so long. */
    CompletionStage<Boolean> await(String functionId, Duration longest) {
        if (functions.isAvailable(functionId)) {
            return CompletableFuture.completedStage(true);
        }
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        Scheduler.Scheduled limit = scheduler.after(longest, () -> served.complete(false));
        // Told under a lock: what comes next must not run there.
        Availability.Watch watch = functions.watch(functionId, now -> {
            if (now) {
                var _ = scheduler.after(Duration.ZERO, () -> served.complete(true));
            }
        });
        return served.whenComplete((known, failure) -> {
            limit.cancel();
            watch.close();
        });
    }

    /** Whether the failure only says that nobody could take the call: the function has not been tried. */
    static boolean wasNotTried(Outcome.Failure failure) {
        return isAbsent(failure)
                || failure.code().equals("worker_overloaded")
                || failure.code().equals("queue_closed");
    }

    static boolean isAbsent(Outcome.Failure failure) {
        return failure.code().equals("function_not_found");
    }
}
