package io.millrace.engine.worker;

import java.util.concurrent.Executor;

/** The connection to a worker, for instance a socket. Calls may come from any thread and return at once. */
public interface Link {
    /** Sends a message after all earlier ones. Nothing happens if the connection is gone. */
    void send(ToWorker message);

    /** Whether so many messages wait to be sent that further ones should go to another worker, if possible. */
    boolean isCongested();

    /**
     * Makes sure that the other side is still there, and ends the connection soon if it is not. Until it has shown a sign of
     * life, the connection counts as congested.
     */
    default void probe() {}

    /** Reads nothing more for the time being. This and {@link #resume} are called on the executor. */
    void pause();

    /** Reads again. */
    void resume();

    /** Ends the connection. */
    void close();

    /** Where what the worker says is taken in, one message after another. */
    Executor executor();
}
