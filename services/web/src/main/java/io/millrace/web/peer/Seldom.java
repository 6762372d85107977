package io.millrace.web.peer;

import java.util.LinkedHashMap;
import java.util.Map;

/** Says of each thing whether it is worth saying again: once a minute. Thread-safe. */
final class Seldom {
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final int MOST_THINGS = 256;

    private final Map<String, Long> saidNanos = new LinkedHashMap<>();

    synchronized boolean isWorthSaying(String thing, long nowNanos) {
        Long before = saidNanos.get(thing);
        if (before != null && nowNanos - before < MINUTE_NANOS) {
            return false;
        }
        saidNanos.put(thing, nowNanos);
        if (saidNanos.size() > MOST_THINGS) {
            saidNanos.remove(saidNanos.keySet().iterator().next());
        }
        return true;
    }
}
