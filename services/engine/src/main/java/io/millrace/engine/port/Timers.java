package io.millrace.engine.port;

import java.time.Duration;

/** Runs things later, on a thread of its own. */
@FunctionalInterface
public interface Timers {
    /** Runs {@code task}, which must be quick, once {@code delay} has passed; perhaps never when the node is closing. */
    void after(Duration delay, Runnable task);
}
