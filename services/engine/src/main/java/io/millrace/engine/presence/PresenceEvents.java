package io.millrace.engine.presence;

/** Gets told what becomes of subscriptions' entries, to count it. Calls come from any thread and must return at once. */
public interface PresenceEvents {
    /** Tells nobody. */
    PresenceEvents NONE = new PresenceEvents() {};

    /** A record could not be written: it will be made good when Kafka is back. */
    default void dropped() {}

    /** A subscription is not kept, since its context is too large: its leave will not be told if this node dies. */
    default void tooLarge() {}

    /** The leave of a subscription whose node has died has been told to somebody. */
    default void told() {}

    /** It has not been, to anybody, and will not be. */
    default void forgotten() {}

    /** What dead nodes have left could not be read; it will be tried again. */
    default void unread(Throwable failure) {}
}
