package io.millrace.engine.trigger;

import io.millrace.core.value.Json;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A kind of trigger: sees to it that the functions bound to it are called. Calls come from any thread, but for one binding
 * one after another, and must not block.
 */
public interface TriggerType {
    /** For instance {@code state}. */
    String id();

    /** One line for people. */
    String description();

    /** JSON Schema of the config. */
    default @Nullable Json configFormat() {
        return null;
    }

    /** JSON Schema of the payload that the function is called with. */
    default @Nullable Json callFormat() {
        return null;
    }

    /** The worker that provides it; null if we do. */
    default @Nullable String workerId() {
        return null;
    }

    /** The node at which a worker provides it; null for this one. */
    default @Nullable String node() {
        return null;
    }

    /**
     * Whether what is bound at one node must be known at all: then it is bound at each of them, at the others with {@link
     * Binding#node}. Such a type may be bound several times to what one binding can have alone; those of this node win.
     */
    default boolean isEverywhere() {
        return false;
    }

    /**
     * Begins to call the binding's function.
     *
     * @return completes when nothing that happens from then on will be missed; fails with {@link TriggerRefusedException}
     * @throws TriggerRefusedException if the config is not one of this type, or nobody can be called so
     */
    CompletionStage<Void> bind(Binding binding);

    /** Ceases to call the binding's function. */
    void unbind(Binding binding, Ending ending);

    /** Why a binding ends. */
    enum Ending {
        /** Its worker is gone and may come back: what it has not seen should be kept for it, if the type can. */
        ABANDONED,
        /** Another binding has taken its id, at once. */
        REPLACED,
        /** Somebody wants it to be gone for good. */
        UNREGISTERED
    }
}
