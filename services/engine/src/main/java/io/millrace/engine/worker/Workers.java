package io.millrace.engine.worker;

import io.millrace.engine.function.Invoker;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.Triggers;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The workers that are connected to this node. Calls may come from any thread. */
public final class Workers {
    private final Means means;
    private final Map<String, Worker> live = new ConcurrentHashMap<>();
    private final List<WorkerEvents> listeners = new CopyOnWriteArrayList<>();

    /**
     * What workers live on.
     *
     * @param ids random, unguessable
     */
    public record Means(
            Invoker functions,
            Triggers triggers,
            Endpoints endpoints,
            Supplier<UUID> ids,
            Scheduler scheduler,
            InstantSource clock,
            WorkerLimits limits) {}

    /** Nobody is connected yet. */
    public Workers(Means means) {
        this.means = means;
    }

    /** Tells {@code listener} what happens from now on. */
    public void listen(WorkerEvents listener) {
        listeners.add(listener);
    }

    /**
     * Takes a new connection in and greets it.
     *
     * @param address where it comes from, for listings
     */
    public Worker connect(Link link, @Nullable String address) {
        Worker worker = new Worker(this, means, link, address);
        live.put(worker.id(), worker);
        link.send(new ToWorker.Registered(worker.id(), worker.reattachToken()));
        tell(listener -> listener.connected(worker));
        return worker;
    }

    /** The worker of that id, if it is connected. */
    public @Nullable Worker worker(String id) {
        return live.get(id);
    }

    /** All that are connected. */
    public Collection<Worker> all() {
        return Collections.unmodifiableCollection(live.values());
    }

    void gone(Worker worker) {
        if (live.remove(worker.id(), worker)) {
            tell(listener -> listener.disconnected(worker));
        }
    }

    /** Whether the function is one of this process. */
    public boolean isLocal(String functionId) {
        return means.functions().isLocal(functionId);
    }

    /** How many functions they serve; one that several serve counts for each. */
    public int functions() {
        return live.values().stream()
                .mapToInt(worker -> worker.functions().size())
                .sum();
    }

    /** How many calls they have not answered. */
    public int inFlight() {
        return live.values().stream().mapToInt(Worker::inFlight).sum();
    }

    /** Tells the worker that has registered a trigger, if it is still there, that nobody takes it. */
    public void refuse(Binding binding, String code, String message) {
        Worker owner = binding.workerId() == null ? null : live.get(binding.workerId());
        if (owner != null) {
            owner.link()
                    .send(new ToWorker.TriggerRefused(
                            binding.id(), binding.type(), binding.functionId(), code, message));
        }
    }

    /** Notes that a message of a worker was ignored, and why. */
    public void ignored(String why) {
        tell(listener -> listener.ignored(why));
    }

    void tell(Consumer<WorkerEvents> event) {
        for (WorkerEvents listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                broken("listener", e);
            }
        }
    }

    /** Does a part of a worker's end; the others are done even if it fails. */
    void attempt(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            broken("end of a worker", e);
        }
    }

    /** Notes that something of ours has failed, which is not to keep anything else from being done. */
    void broken(String what, RuntimeException why) {
        for (WorkerEvents listener : listeners) {
            try {
                listener.broken(what, why);
            } catch (RuntimeException ignored) {
                // Nobody is left to tell.
            }
        }
    }
}
