package io.millrace.engine.port;

/** The wall clock. */
@FunctionalInterface
public interface MicroClock {
    /** Microseconds since 1970. May stand still and, when somebody sets the clock, go back. */
    long micros();

    /** Milliseconds since 1970. */
    default long millis() {
        return micros() / 1_000;
    }
}
