package io.millrace.engine.queue;

import io.millrace.engine.port.DeadLetter;

/** Gets told what happens to queues, to count and to log it. Calls come from any thread and must return at once. */
public interface QueueEvents {
    /** A message was put into a queue or a durable topic. */
    default void enqueued(DeadLetter.Subject into) {}

    /** A message waits apart, since nobody serves its function. */
    default void parked(String queue, String functionId) {}

    /** Something could not be done now and is tried again. */
    default void postponed(String what, Throwable cause) {}

    /** Dead letters were sent to their functions once more, or thrown away. */
    default void settled(DeadLetter.Subject subject, boolean redriven) {}
}
