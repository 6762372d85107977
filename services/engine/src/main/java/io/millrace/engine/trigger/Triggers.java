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
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All triggers of this node and their types. A trigger whose type is not there is parked until it comes. Calls may come from
 * any thread.
 */
public final class Triggers {
    private final TypesInForce types = new TypesInForce();
    /** By id, in the order of registration; with the type that serves it, or null while it is parked. */
    private final Map<String, Bound> bindings = new LinkedHashMap<>();

    private final List<TriggerEvents> listeners = new ArrayList<>();
    private volatile Function<String, CompletionStage<Boolean>> elsewhere =
            id -> CompletableFuture.completedStage(false);

    /** A trigger and who serves it. */
    private record Bound(Binding binding, @Nullable TriggerType by) {}

    /** Tells {@code listener} what is there, and from now on what comes and goes. */
    public synchronized void listen(TriggerEvents listener) {
        types.all().forEach(listener::provided);
        bindings.values().forEach(bound -> listener.registered(bound.binding()));
        listeners.add(listener);
    }

    private void tell(Consumer<TriggerEvents> event) {
        listeners.forEach(event);
    }

    /**
     * Registers a trigger, in place of the one with the same id, if there is one.
     *
     * @return completes when nothing that happens from then on is missed, at once if the type is not there yet; fails with
     *     {@link TriggerRefusedException}
     */
    public synchronized CompletionStage<Void> register(Binding binding) {
        remove(binding.id(), Ending.REPLACED);
        TriggerType type = types.of(binding.type());
        Bound bound = new Bound(binding, type);
        bindings.put(binding.id(), bound);
        tell(listener -> listener.registered(binding));
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
            forget(bound);
            return CompletableFuture.failedStage(e);
        }
    }

    /** What we refuse is forgotten; what a worker refuses waits until its type is provided again. */
    private synchronized void refused(Bound bound) {
        String id = bound.binding().id();
        if (bound.by() != null && bound.by().workerId() != null) {
            bindings.replace(id, bound, new Bound(bound.binding(), null));
        } else {
            forget(bound);
        }
    }

    private void forget(Bound bound) {
        if (bindings.remove(bound.binding().id(), bound)) {
            tell(listener -> listener.removed(bound.binding(), Ending.UNREGISTERED));
        }
    }

    /** Ends a trigger of this node for good. Returns whether there was one. */
    public synchronized boolean unregister(String id) {
        return remove(id, Ending.UNREGISTERED);
    }

    /** Ends a trigger for good, at whatever node it is. Completes with whether there was one, never exceptionally. */
    public CompletionStage<Boolean> unregisterAnywhere(String id) {
        return unregister(id) ? CompletableFuture.completedStage(true) : elsewhere.apply(id);
    }

    /** Has triggers that are not here ended by {@code unregister}, whose stages must not fail. */
    public void onUnknown(Function<String, CompletionStage<Boolean>> unregister) {
        elsewhere = unregister;
    }

    /** Ends a trigger whose id has been taken by one at another node; harmless if it is not there any more. */
    public synchronized void giveUp(Binding binding) {
        Bound bound = bindings.get(binding.id());
        if (bound != null && bound.binding().equals(binding)) {
            remove(binding.id(), Ending.REPLACED);
        }
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
        tell(listener -> listener.removed(bound.binding(), ending));
        return true;
    }

    /**
     * Adds a type, in place of the one with the same id, if there is one; but nobody takes one of ours, and one of another
     * node waits until none of this node is left. Triggers that have waited for it are bound, also those that another served
     * before.
     *
     * @return whether it was added
     */
    public synchronized boolean provide(TriggerType type) {
        if (types.isOurs(type.id()) && type.workerId() != null) {
            return false;
        }
        if (types.add(type)) {
            install(type);
        }
        return true;
    }

    private void install(TriggerType type) {
        tell(listener -> listener.provided(type));
        for (Bound bound : List.copyOf(bindings.values())) {
            if (bound.binding().type().equals(type.id())) {
                if (bound.by() != null && !bound.by().equals(type)) {
                    bound.by().unbind(bound.binding(), Ending.REPLACED);
                }
                serve(bound.binding(), type);
            }
        }
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
        if (!types.remove(type)) {
            return;
        }
        bindings.replaceAll((id, bound) -> type.equals(bound.by()) ? new Bound(bound.binding(), null) : bound);
        TriggerType next = types.of(type.id());
        if (next == null) {
            tell(listener -> listener.withdrawn(type));
        } else {
            install(next);
        }
    }

    /** Whether we provide the type ourselves. */
    public synchronized boolean isOurs(String typeId) {
        return types.isOurs(typeId);
    }

    /** The type of that id, if there is one now. */
    public synchronized @Nullable TriggerType type(String typeId) {
        return types.of(typeId);
    }

    /** All types that there are now. */
    public synchronized Collection<TriggerType> types() {
        return types.all();
    }

    /** The trigger of that id, if there is one at this node. */
    public synchronized @Nullable Binding binding(String id) {
        Bound bound = bindings.get(id);
        return bound == null ? null : bound.binding();
    }

    /** All triggers of this node, parked ones too, in the order of registration. */
    public synchronized List<Binding> bindings() {
        return bindings.values().stream().map(Bound::binding).toList();
    }

    /** The types, one of each id in force. Those of other nodes are only used where there is none of this node. */
    private static final class TypesInForce {
        private final Map<String, TriggerType> inForce = new HashMap<>();
        /** By id and node. */
        private final Map<String, Map<String, TriggerType>> remote = new HashMap<>();

        private @Nullable TriggerType of(String id) {
            return inForce.get(id);
        }

        private boolean isOurs(String id) {
            TriggerType type = inForce.get(id);
            return type != null && type.workerId() == null;
        }

        private Collection<TriggerType> all() {
            return new ArrayList<>(inForce.values());
        }

        /** Returns whether it is in force now. */
        private boolean add(TriggerType type) {
            String node = type.node();
            if (node != null) {
                remote.computeIfAbsent(type.id(), id -> new LinkedHashMap<>()).put(node, type);
                TriggerType before = inForce.get(type.id());
                if (before != null && !node.equals(before.node())) {
                    return false;
                }
            }
            inForce.put(type.id(), type);
            return true;
        }

        /** Returns whether it was in force. Another may be now. */
        private boolean remove(TriggerType type) {
            Map<String, TriggerType> others = remote.computeIfAbsent(type.id(), id -> new LinkedHashMap<>());
            others.values().remove(type);
            boolean wasInForce = inForce.remove(type.id(), type);
            if (others.isEmpty()) {
                remote.remove(type.id());
            } else if (wasInForce) {
                inForce.put(type.id(), others.values().iterator().next());
            }
            return wasInForce;
        }
    }
}
