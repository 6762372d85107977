package io.millrace.engine.port;

import java.time.Duration;

/** Runs tasks later. Calls may come from any thread. */
@FunctionalInterface
public interface Scheduler {
    /** Runs {@code task} once when {@code delay} has passed, on a thread of the scheduler's choice that it must not block. */
    Scheduled after(Duration delay, Runnable task);

    /** A task that is to run later. */
    @FunctionalInterface
    interface Scheduled {
        /** Keeps the task from running, unless it has begun. */
        void cancel();
    }
}
