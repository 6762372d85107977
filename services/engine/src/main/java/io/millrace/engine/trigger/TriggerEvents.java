package io.millrace.engine.trigger;

import io.millrace.engine.trigger.TriggerType.Ending;

/** Gets told which triggers and types of triggers come and go, in order. Called under a lock: must return at once. */
public interface TriggerEvents {
    /** A trigger is there, or has taken the place of the one with its id. */
    default void registered(Binding binding) {}

    /** A trigger is gone, or is replaced by the one told next. */
    default void removed(Binding binding, Ending ending) {}

    /** A type is there, or has taken the place of the one with its id. */
    default void provided(TriggerType type) {}

    /** A type is gone, and no other has taken its place. */
    default void withdrawn(TriggerType type) {}
}
