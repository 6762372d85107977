package io.millrace.engine.gate;

import io.millrace.engine.function.Outcome;

/** Gets told what happens at the gate, to count it. Calls come from any thread and must return at once. */
public interface GateEvents {
    /** Tells nobody. */
    GateEvents NONE = new GateEvents() {};

    /** The auth function was asked about a socket. */
    default void arrived(boolean admitted) {}

    /** {@code stream:join} functions were asked about a subscription. */
    default void joined(boolean admitted) {}

    /** A function did not say what it was asked, so the configuration decided. */
    default void failed(String functionId, Outcome.Failure failure) {}

    /** Too many leaves wait to be told: one was dropped. */
    default void leaveDropped() {}
}
