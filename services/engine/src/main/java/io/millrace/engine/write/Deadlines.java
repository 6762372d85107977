package io.millrace.engine.write;

import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends calls at their deadline. One look at all that are under way every so often, instead of a timer each: nearly all
 * are answered long before.
 */
public final class Deadlines {
    private static final Duration EVERY = Duration.ofMillis(100);

    private final MicroClock clock;
    private final Scheduler scheduler;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();

    /** Starts looking at once. */
    public Deadlines(MicroClock clock, Scheduler scheduler) {
        this.clock = clock;
        this.scheduler = scheduler;
        scheduler.after(EVERY, this::sweep);
    }

    /** Fails {@code result} with {@link UnavailableException} at the deadline, unless it is complete by then. */
    public <T> CompletableFuture<T> limit(CompletableFuture<T> result, Instant deadline, String atDeadline) {
        Call call = new Call(result, micros(deadline), atDeadline);
        calls.add(call);
        result.whenComplete((done, failure) -> calls.remove(call));
        return result;
    }

    /** Whether a deadline has passed. */
    public boolean passed(Instant deadline) {
        return micros(deadline) < clock.micros();
    }

    /** Microseconds since 1970. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    private void sweep() {
        long nowMicros = clock.micros();
        for (Call call : calls) {
            if (call.deadlineMicros < nowMicros) {
                call.result.completeExceptionally(new UnavailableException(call.atDeadline));
            }
        }
        scheduler.after(EVERY, this::sweep);
    }

    /** Compared by identity: two calls are never the same. */
    private static final class Call {
        private final CompletableFuture<?> result;
        private final long deadlineMicros;
        private final String atDeadline;

        Call(CompletableFuture<?> result, long deadlineMicros, String atDeadline) {
            this.result = result;
            this.deadlineMicros = deadlineMicros;
            this.atDeadline = atDeadline;
        }
    }
}
