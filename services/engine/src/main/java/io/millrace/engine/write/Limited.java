package io.millrace.engine.write;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A result that comes by a deadline or not at all, once {@link Deadlines} watches it. Compared by identity: two calls are
 * never the same.
 */
class Limited<T> extends CompletableFuture<T> {
    /**
     * Spreads calls over the watching set as well as the identity's own hash, which costs much more. Counted without
     * care: two equal ones do no harm.
     */
    private static int made;

    private static final int GOLDEN = 0x9e3779b9;

    private final int number = made++;
    private final long deadlineMicros;
    private final String atDeadline;

    Limited(Instant deadline, String atDeadline) {
        this.deadlineMicros = Deadlines.micros(deadline);
        this.atDeadline = atDeadline;
    }

    /** Microseconds since 1970. */
    final long deadlineMicros() {
        return deadlineMicros;
    }

    /** About the order in which they were made. */
    final int number() {
        return number;
    }

    final void fail() {
        completeExceptionally(new UnavailableException(atDeadline));
    }

    @Override
    public final int hashCode() {
        return number * GOLDEN;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other;
    }
}
