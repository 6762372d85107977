package io.millrace.loadtest.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What all sockets have seen, counted. */
final class Tally {
    final LongAdder frames = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder freshJoins = new LongAdder();
    final LongAdder cursorJoins = new LongAdder();
    final LongAdder syncs = new LongAdder();
    final LongAdder lost = new LongAdder();
    private final Map<String, LongAdder> resets = new ConcurrentHashMap<>();

    void reset(String reason) {
        resets.computeIfAbsent(reason, any -> new LongAdder()).increment();
    }

    /** How many resets there were, by reason. */
    Map<String, Long> resets() {
        Map<String, Long> counts = new TreeMap<>();
        resets.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }

    long allResets() {
        return resets.values().stream().mapToLong(LongAdder::sum).sum();
    }
}
