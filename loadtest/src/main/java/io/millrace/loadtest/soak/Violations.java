package io.millrace.loadtest.soak;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was wrong, by kind: how often, and the first of each. */
final class Violations {
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, String> firsts = new LinkedHashMap<>();

    /**
     * Takes note of one.
     *
     * @param kind a constant phrase
     * @param details who and what
     */
    synchronized void add(String kind, String details) {
        counts.merge(kind, 1, Integer::sum);
        firsts.putIfAbsent(kind, details);
    }

    synchronized boolean isEmpty() {
        return counts.isEmpty();
    }

    /** One line for each kind. */
    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((kind, count) -> text.append("VIOLATION ")
                .append(kind)
                .append(": ")
                .append(count)
                .append(" times, first ")
                .append(firsts.get(kind))
                .append('\n'));
        return text.toString();
    }
}
