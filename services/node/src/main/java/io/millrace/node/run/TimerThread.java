package io.millrace.node.run;

import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread for all that is to be done later. */
final class TimerThread implements Scheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimerThread.class);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("millrace-timer").factory());

    TimerThread() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // What is asked for while everything stops need not happen any more.
        timer.setRejectedExecutionHandler((task, executor) -> {});
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        Future<?> scheduled = timer.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("timed task failed");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
