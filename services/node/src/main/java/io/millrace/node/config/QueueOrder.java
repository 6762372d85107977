package io.millrace.node.config;

/** Which messages of a queue wait for which. */
public enum QueueOrder {
    /** None for any. */
    STANDARD,
    /** Each for those before it of the same group. */
    FIFO
}
