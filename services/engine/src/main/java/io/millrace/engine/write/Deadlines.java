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
    private final Set<Limited<?>> calls = ConcurrentHashMap.newKeySet();

    /** Starts looking at once. */
    public Deadlines(MicroClock clock, Scheduler scheduler) {
        this.clock = clock;
        this.scheduler = scheduler;
        scheduler.after(EVERY, this::sweep);
    }

    /** Fails {@code call} with {@link UnavailableException} at its deadline, unless it is complete by then. */
    void watch(Limited<?> call) {
        calls.add(call);
    }

    /** Looks no more at a call that is about to be complete. Otherwise that would be noticed at the next look. */
    void forget(Limited<?> call) {
        calls.remove(call);
    }

    /** Whether the deadline of a call has passed. */
    boolean passed(Limited<?> call) {
        return call.deadlineMicros() < clock.micros();
    }

    /** Microseconds since 1970. */
    static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    private void sweep() {
        long nowMicros = clock.micros();
        // In order, so that the same calls end in the same way every time.
        calls.stream()
                .filter(call -> call.deadlineMicros() < nowMicros)
                .sorted((one, other) -> Integer.compare(one.number() - other.number(), 0))
                .forEach(Limited::fail);
        calls.removeIf(CompletableFuture::isDone);
        scheduler.after(EVERY, this::sweep);
    }
}
