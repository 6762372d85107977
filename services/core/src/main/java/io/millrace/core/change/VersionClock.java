package io.millrace.core.change;

import io.millrace.core.address.Address;
import java.util.HashSet;
import java.util.Set;

/** A partition's hybrid logical clock: follows the wall clock, never goes back, never repeats. Not thread-safe. */
public final class VersionClock {
    /**
     * What was deleted in the clock's present millisecond. A store may have forgotten it before the millisecond is over;
     * whatever was deleted earlier needs no remembering, since every next version lies in a later one.
     */
    private final Set<Address> deletedNow = new HashSet<>();

    private long lastMicros;
    private long observedMicros;

    /** Takes notice of a version that was given out before, by whichever owner. */
    public void observe(Version seen) {
        observedMicros = Math.max(observedMicros, seen.micros());
        moveTo(Math.max(lastMicros, seen.micros()));
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
        Version version = new Version(next);
        moveTo(next);
        return version;
    }

    /**
     * Ends the present millisecond: every version from now on lies in a later one than what this returns, which is at or
     * after all given out before. Sealing again changes nothing until another version is given out.
     */
    public Version seal() {
        moveTo(lastMicros / 1_000 * 1_000 + 999);
        return last();
    }

    /** Takes notice that {@code address} was deleted at the version given out last. */
    void deleted(Address address) {
        deletedNow.add(address);
    }

    /**
     * What to take for the last version of an address that holds nothing and of which nothing is remembered: the last one
     * given out if it may have been deleted in that millisecond, here or by an earlier owner.
     */
    Version forgotten(Address address) {
        boolean observedNow = observedMicros / 1_000 == lastMicros / 1_000;
        return observedNow || deletedNow.contains(address) ? last() : Version.NONE;
    }

    private void moveTo(long micros) {
        if (micros / 1_000 > lastMicros / 1_000) {
            deletedNow.clear();
        }
        lastMicros = micros;
    }
}
