package io.millrace.engine.route;

import java.time.Duration;

/** Gets told what is asked of other nodes, to count it. Called on any thread: must return at once. */
public interface RouteEvents {
    /** What came of a question. */
    enum Outcome {
        /** The other node did it, or refused it for good. */
        ANSWERED,
        /** The other node could not: it will be tried again. */
        UNAVAILABLE,
        /** No answer came: it will be tried again. */
        LOST
    }

    /** A question came to its end, this long after it was asked. */
    default void asked(Kind kind, Outcome outcome, Duration took) {}
}
