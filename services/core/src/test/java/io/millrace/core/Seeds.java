package io.millrace.core;

import java.util.stream.LongStream;

/** How many seeds a seeded test runs: {@code -Dseeds=10000} for many. */
public final class Seeds {
    private Seeds() {}

    /** From 0 on. */
    public static LongStream all() {
        return LongStream.range(0, Long.getLong("seeds", 20));
    }
}
