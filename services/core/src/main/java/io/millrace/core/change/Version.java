package io.millrace.core.change;

/**
 * When a value became what it is, as its partition counts time: microseconds since 1970 that strictly increase within a
 * partition, and whose milliseconds strictly increase for one stream item. It is the ETag, the compare-and-set token and
 * a safe integer for JavaScript.
 *
 * @param micros from 0, which stands for "there is no value", to {@value #MAX_MICROS}
 */
public record Version(long micros) implements Comparable<Version> {
    /** The largest integer that a double holds exactly. */
    public static final long MAX_MICROS = 1L << 53;

    /** The version of a value that does not exist. */
    public static final Version NONE = new Version(0);

    /** Checks the range. */
    public Version {
        if (micros < 0 || micros > MAX_MICROS) {
            throw new IllegalArgumentException("version: " + micros + " (expected: 0 to " + MAX_MICROS + ")");
        }
    }

    /** The {@code timestamp} of a frame: milliseconds since 1970. */
    public long timestampMs() {
        return micros / 1_000;
    }

    @Override
    public int compareTo(Version other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return Long.toString(micros);
    }
}
