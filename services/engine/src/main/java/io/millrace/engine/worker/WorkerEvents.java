package io.millrace.engine.worker;

/** Gets told what happens to workers. Calls come from any thread and must return at once. */
public interface WorkerEvents {
    /** A worker has connected. */
    default void connected(Worker worker) {}

    /** A worker has said who it is. */
    default void announced(Worker worker) {}

    /** A worker is gone, and everything it had registered. */
    default void disconnected(Worker worker) {}

    /** A call has been sent to a worker. */
    default void called() {}

    /** A call has been answered, or will not be. */
    default void answered(boolean failed, long tookNanos) {}

    /**
     * Something of ours has failed by a bug.
     *
     * @param what the function or the kind of message
     */
    default void broken(String what, Throwable why) {}

    /** A message that makes no sense was ignored, for instance an answer to what was never asked. */
    default void ignored(String why) {}
}
