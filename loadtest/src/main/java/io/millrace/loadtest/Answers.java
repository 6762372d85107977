package io.millrace.loadtest;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** Counts the answers of one run as they come, on whatever thread. Times are {@link System#nanoTime()}. */
final class Answers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final Recorder latencies = new Recorder(LONGEST_NS, DIGITS);
    private final LongAdder all = new LongAdder();
    private final LongAdder inWindow = new LongAdder();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final long fromNs;
    private final long toNs;

    Answers(long fromNs, long toNs) {
        this.fromNs = fromNs;
        this.toNs = toNs;
    }

    void answered(long dueNs, @Nullable Throwable failed) {
        long nowNs = System.nanoTime();
        if (failed != null) {
            failure.compareAndSet(null, failed);
        }
        if (dueNs - fromNs >= 0) {
            latencies.recordValue(Math.min(LONGEST_NS, nowNs - dueNs));
        }
        if (nowNs - fromNs >= 0 && nowNs - toNs < 0) {
            inWindow.increment();
        }
        all.increment();
    }

    /** Throws if a write has failed: numbers with failures among them mean nothing. */
    void check() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a write failed: " + failed.getMessage(), failed);
        }
    }

    /** Waits for the answers to all {@code sent} writes. */
    void await(long sent) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (all.sum() < sent) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException(
                        "answers: " + all.sum() + " after " + PATIENCE + " (expected: " + sent + ")");
            }
            LockSupport.parkNanos(1_000_000);
        }
        check();
    }

    Histogram latencies() {
        return latencies.getIntervalHistogram();
    }

    long inWindow() {
        return inWindow.sum();
    }
}
