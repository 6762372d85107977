package io.millrace.engine.trigger;

import io.millrace.engine.trigger.TriggerType.Ending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * All triggers of this node and their types. A trigger whose type is not there is parked until it comes. Calls may come from
 * any thread.
 */
public final class Triggers {
    private final Map<String, TriggerType> types = new HashMap<>();
    /** By id, in the order of registration; with the type that serves it, or null while it is parked. */
    private final Map<String, Bound> bindings = new LinkedHashMap<>();

    /** A trigger and who serves it. */
    private record Bound(Binding binding, @Nullable TriggerType by) {}

    /**
     * Registers a trigger, in place of the one with the same id, if there is one.
     *
     * @return completes when nothing that happens from then on is missed, at once if the type is not there yet; fails with
     *     {@link TriggerRefusedException}
     */
    public synchronized CompletionStage<Void> register(Binding binding) {
        remove(binding.id(), Ending.REPLACED);
        TriggerType type = types.get(binding.type());
        Bound bound = new Bound(binding, type);
        bindings.put(binding.id(), bound);
        if (type == null) {
            return CompletableFuture.completedStage(null);
        }
        try {
            return type.bind(binding).whenComplete((done, failure) -> {
                if (failure != null) {
                    refused(bound);
                }
            });
        } catch (RuntimeException e) {
            // A refusal, or a bug of the type's, which must not leave a trigger that nobody serves.
            bindings.remove(binding.id(), bound);
            return CompletableFuture.failedStage(e);
        }
    }

    /** What we refuse is forgotten; what a worker refuses waits until its type is provided again. */
    private synchronized void refused(Bound bound) {
        String id = bound.binding().id();
        if (bound.by() != null && bound.by().workerId() != null) {
            bindings.replace(id, bound, new Bound(bound.binding(), null));
        } else {
            bindings.remove(id, bound);
        }
    }

    /** Ends a trigger for good. Returns whether there was one. */
    public synchronized boolean unregister(String id) {
        return remove(id, Ending.UNREGISTERED);
    }

    /** Ends all triggers that a worker has registered, and that no other has registered again since. */
    public synchronized void workerGone(String workerId) {
        List<String> its = bindings.values().stream()
                .map(Bound::binding)
                .filter(binding -> workerId.equals(binding.workerId()))
                .map(Binding::id)
                .toList();
        its.forEach(id -> remove(id, Ending.ABANDONED));
    }

    private boolean remove(String id, Ending ending) {
        Bound bound = bindings.remove(id);
        if (bound == null) {
            return false;
        }
        if (bound.by() != null) {
            bound.by().unbind(bound.binding(), ending);
        }
        return true;
    }

    /**
     * Adds a type, in place of the one with the same id, if there is one; but nobody takes one of ours. Triggers that have
     * waited for it are bound, also those that another served before.
     *
     * @return whether it was added
     */
    public synchronized boolean provide(TriggerType type) {
        TriggerType before = types.get(type.id());
        if (before != null && before.workerId() == null && type.workerId() != null) {
            return false;
        }
        types.put(type.id(), type);
        for (Bound bound : List.copyOf(bindings.values())) {
            if (bound.binding().type().equals(type.id())) {
                if (bound.by() != null && !bound.by().equals(type)) {
                    bound.by().unbind(bound.binding(), Ending.REPLACED);
                }
                serve(bound.binding(), type);
            }
        }
        return true;
    }

    private void serve(Binding binding, TriggerType type) {
        Bound bound = new Bound(binding, type);
        bindings.put(binding.id(), bound);
        try {
            var _ = type.bind(binding).whenComplete((done, failure) -> {
                if (failure != null) {
                    park(binding.id(), type);
                }
            });
        } catch (RuntimeException e) {
            park(binding.id(), type);
        }
    }

    /** Lets a trigger wait until its type is provided again: {@code type} does not take it. Returns it, if it was so. */
    public synchronized @Nullable Binding park(String id, TriggerType type) {
        Bound bound = bindings.get(id);
        if (bound == null || !type.equals(bound.by())) {
            return null;
        }
        bindings.put(id, new Bound(bound.binding(), null));
        return bound.binding();
    }

    /** Takes a type away; its triggers wait until it comes back. Harmless if another has taken its place. */
    public synchronized void withdraw(TriggerType type) {
        if (types.remove(type.id(), type)) {
            bindings.replaceAll((id, bound) -> type.equals(bound.by()) ? new Bound(bound.binding(), null) : bound);
        }
    }

    /** Whether we provide the type ourselves. */
    public synchronized boolean isOurs(String typeId) {
        TriggerType type = types.get(typeId);
        return type != null && type.workerId() == null;
    }

    /** The type of that id, if there is one now. */
    public synchronized @Nullable TriggerType type(String typeId) {
        return types.get(typeId);
    }

    /** All types that there are now. */
    public synchronized Collection<TriggerType> types() {
        return new ArrayList<>(types.values());
    }

    /** All triggers, parked ones too, in the order of registration. */
    public synchronized List<Binding> bindings() {
        return bindings.values().stream().map(Bound::binding).toList();
    }
}
