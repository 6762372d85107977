package io.millrace.engine.pubsub;

/** Gets told what pub/sub does, to count it. Calls come from any thread and must return at once. */
public interface PubSubEvents {
    /** A message was sent. */
    default void published() {}

    /** A subscription's function was called with a message, and this is how it ended. */
    default void delivered(boolean failed) {}

    /** There is one subscription more, or one less. */
    default void subscriptions(int now) {}
}
