package io.millrace.engine.read;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot that may lack what was written last.
 *
 * @param cut to be closed; if stale, a value may also be newer than its position says
 * @param stale whether a copy gave it: then it is as of its position at least. The owner's includes all that was
 *     acknowledged before
 * @param ageMs how long ago, at most, the copy lacked nothing; null if that is not known, 0 if not stale
 */
public record Sighting(Cut cut, boolean stale, @Nullable Long ageMs) implements AutoCloseable {
    /** The owner's. */
    public static Sighting ofOwner(Cut cut) {
        return new Sighting(cut, false, 0L);
    }

    @Override
    public void close() {
        cut.close();
    }
}
