package io.millrace.core.change;

/** A partition's hybrid logical clock: follows the wall clock, never goes back, never repeats. Not thread-safe. */
public final class VersionClock {
    private long lastMicros;

    /** Takes notice of a version that was given out before, by whichever owner. */
    public void observe(Version seen) {
        lastMicros = Math.max(lastMicros, seen.micros());
    }

    /** The last version given out or observed. */
    public Version last() {
        return new Version(lastMicros);
    }

    /**
     * The next version.
     *
     * @param nowMicros the wall clock
     * @param previous the item's last known version: the next one lies in a later millisecond if {@code laterMs}
     */
    public Version next(long nowMicros, Version previous, boolean laterMs) {
        long next = Math.max(nowMicros, Math.max(lastMicros, previous.micros()) + 1);
        if (laterMs && next / 1_000 <= previous.timestampMs()) {
            next = (previous.timestampMs() + 1) * 1_000;
        }
        lastMicros = next;
        return new Version(next);
    }
}
