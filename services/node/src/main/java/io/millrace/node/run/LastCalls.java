package io.millrace.node.run;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** How long calls may still take that are under way when the node stops: one time for all of them, wherever they came in. */
final class LastCalls implements Supplier<Duration> {
    private final Duration most;
    private final LongSupplier nanos;
    private boolean begun;
    private long endNs;

    /** By a monotonic clock, from when it is first asked. */
    LastCalls(Duration most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** What is left of it; never nothing at all, for what has just been answered. */
    @Override
    public synchronized Duration get() {
        long nowNs = nanos.getAsLong();
        if (!begun) {
            begun = true;
            endNs = nowNs + most.toNanos();
        }
        return Duration.ofNanos(Math.max(Duration.ofMillis(100).toNanos(), endNs - nowNs));
    }
}
