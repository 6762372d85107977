package io.millrace.engine.function;

import java.util.function.Consumer;

/** Which functions can be called on this node now. */
public interface Availability {
    /** Whether somebody serves the function. */
    boolean isAvailable(String functionId);

    /**
     * Tells whenever a function begins or ceases to be served, in order; and at once how it is now.
     *
     * @param told called on the thread that changed it: it must return at once
     * @return ends the telling
     */
    Watch watch(String functionId, Consumer<Boolean> told);

    /** Somebody watches. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
