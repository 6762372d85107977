package io.millrace.engine.subscription;

import io.millrace.engine.function.Outcome;

/** Gets told what happens to state and stream triggers. Calls come from any thread and must return at once. */
public interface SubscriptionEvents {
    /** A condition said no. */
    default void skipped(String type, String functionId) {}

    /** A condition could not be asked: the event was skipped. */
    default void conditionFailed(String type, String functionId, String conditionId, Outcome.Failure failure) {}

    /** A durable trigger cannot begin yet, or its group cannot be deleted now. */
    default void unavailable(String subscription, Throwable failure) {}

    /** A live trigger's function has failed: nothing is tried again. */
    default void liveFailed(String type, String functionId, Outcome.Failure failure) {}

    /** A live trigger's function has taken an event. */
    default void liveDelivered(String type) {}

    /** A live trigger's function is too slow: an event was dropped. */
    default void liveDropped(String type, String functionId) {}
}
