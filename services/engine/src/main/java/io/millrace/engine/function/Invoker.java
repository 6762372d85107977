package io.millrace.engine.function;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All functions that can be called from this node: its own, those of workers, and those of workers at other nodes. Several
 * may serve one id: a call goes to the one that has the fewest under way, of this node if there is one. Calls may come from
 * any thread.
 */
public final class Invoker implements Functions, Availability {
    private final Map<String, LocalFunction> locals = new ConcurrentHashMap<>();
    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private final Map<String, List<Consumer<Boolean>>> watchers = new ConcurrentHashMap<>();
    private final List<Consumer<String>> changes = new CopyOnWriteArrayList<>();

    /**
     * One who serves a function, as listed.
     *
     * @param description as that one gave it
     */
    public record Service(Provider provider, FunctionDescription description) {}

    /** Adds functions of this process. Whoever had the id before is replaced. */
    public void add(Collection<LocalFunction> functions) {
        functions.forEach(function -> locals.put(function.id(), function));
    }

    /**
     * Adds one who serves a function, or replaces what the same one said about it before.
     *
     * @return whether it is so; not if the id is one of ours
     */
    public boolean serve(Provider provider, FunctionDescription description) {
        String id = description.id();
        if (locals.containsKey(id)) {
            return false;
        }
        synchronized (watchers) {
            Served before = served.get(id);
            served.put(id, (before == null ? Served.NOBODY : before).with(new Service(provider, description)));
            if (before == null) {
                tell(id, true);
            }
        }
        changes.forEach(changed -> changed.accept(id));
        return true;
    }

    /** Takes one who served a function away; harmless if it did not. */
    public void cease(Provider provider, String functionId) {
        synchronized (watchers) {
            Served before = served.get(functionId);
            if (before == null) {
                return;
            }
            Served after = before.without(provider);
            if (!after.services().isEmpty()) {
                served.put(functionId, after);
            } else {
                served.remove(functionId);
                tell(functionId, false);
            }
        }
        changes.forEach(changed -> changed.accept(functionId));
    }

    /**
     * Calls {@code changed} whenever somebody begins to serve a function, describes it anew or ceases to serve it. It must
     * return at once.
     */
    public void onChange(Consumer<String> changed) {
        changes.add(changed);
    }

    @Override
    public CompletionStage<Outcome> invoke(Invocation invocation) {
        LocalFunction local = locals.get(invocation.functionId());
        if (local != null) {
            return local.call().apply(invocation);
        }
        return call(invocation, Set.of());
    }

    private CompletionStage<Outcome> call(Invocation invocation, Set<Provider> tried) {
        Served found = served.get(invocation.functionId());
        Provider provider = found == null ? null : found.choose(tried);
        if (provider == null) {
            return notFound(invocation.functionId());
        }
        if (!(provider instanceof Remote remote)) {
            return provider.call(invocation);
        }
        return remote.tryCall(invocation)
                .thenCompose(outcome -> outcome.<CompletionStage<Outcome>>map(CompletableFuture::completedStage)
                        .orElseGet(() -> call(invocation, with(tried, provider))));
    }

    private static Set<Provider> with(Set<Provider> tried, Provider provider) {
        Set<Provider> all = new HashSet<>(tried);
        all.add(provider);
        return all;
    }

    static CompletionStage<Outcome> notFound(String functionId) {
        return CompletableFuture.completedStage(new Outcome.Failure(
                "function_not_found", "Function " + functionId + " not found in namespace default."));
    }

    /**
     * Invokes a function for another node: only who serves it at this one is called.
     *
     * @return null if nobody does, and nobody has been called
     */
    public @Nullable CompletionStage<Outcome> invokeHere(Invocation invocation) {
        Served found = served.get(invocation.functionId());
        Provider provider = found == null ? null : found.chooseHere();
        return provider == null ? null : provider.call(invocation);
    }

    /** Whether the function is one of this process. */
    public boolean isLocal(String functionId) {
        return locals.containsKey(functionId);
    }

    @Override
    public boolean isAvailable(String functionId) {
        return locals.containsKey(functionId) || served.containsKey(functionId);
    }

    @Override
    public Watch watch(String functionId, Consumer<Boolean> told) {
        synchronized (watchers) {
            watchers.computeIfAbsent(functionId, ignored -> new ArrayList<>()).add(told);
            told.accept(isAvailable(functionId));
        }
        return () -> {
            synchronized (watchers) {
                watchers.computeIfPresent(functionId, (ignored, all) -> {
                    all.remove(told);
                    return all.isEmpty() ? null : all;
                });
            }
        };
    }

    private void tell(String functionId, boolean available) {
        List<Consumer<Boolean>> told = watchers.get(functionId);
        if (told != null) {
            List.copyOf(told).forEach(watcher -> watcher.accept(available));
        }
    }

    @Override
    public Collection<String> ids() {
        TreeSet<String> ids = new TreeSet<>(locals.keySet());
        ids.addAll(served.keySet());
        return Collections.unmodifiableSortedSet(ids);
    }

    /** The function of this process with that id, if there is one. */
    public @Nullable LocalFunction local(String functionId) {
        return locals.get(functionId);
    }

    /** Who serves the function now, first come first. */
    public List<Service> services(String functionId) {
        Served found = served.get(functionId);
        return found == null ? List.of() : found.services();
    }
}
