package io.millrace.testkit.linear;

/** What came of holding a history against a register. */
public sealed interface Verdict {
    /** There is an order of all that was done which explains every answer. */
    record Linearizable(int keys, int operations, int unknown) implements Verdict {}

    /** There is none for this key; the text says how far one gets, and what cannot follow. */
    record Violated(String key, String explanation) implements Verdict {}

    /** The search was given up: that is no proof of anything. */
    record Undecided(String key, long configurations) implements Verdict {}
}
