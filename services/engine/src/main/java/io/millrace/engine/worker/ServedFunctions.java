package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Provider;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions that one worker serves: by itself, or by an endpoint. Its messages come one after another; the end, at any time. */
final class ServedFunctions {
    private final Worker worker;
    private final Workers workers;
    private final Workers.Means means;
    private final Calls calls;
    private final Map<String, Provider> functions = new HashMap<>();
    /** The workers that were found to serve the same functions, once each. */
    private final Set<String> probed = new HashSet<>();

    private boolean ended;

    ServedFunctions(Worker worker, Workers workers, Workers.Means means, Calls calls) {
        this.worker = worker;
        this.workers = workers;
        this.means = means;
        this.calls = calls;
    }

    /** Serves a function, or serves it as described now. */
    void register(FunctionDescription description, @Nullable Json endpoint) {
        String functionId = description.id();
        Provider provider = provider(endpoint);
        if (provider == null) {
            return;
        }
        Provider before;
        synchronized (this) {
            boolean beyond = functions.size() >= means.limits().functions() && !functions.containsKey(functionId);
            if (ended || beyond) {
                workers.ignored("function beyond the limit");
                return;
            }
            before = functions.put(functionId, provider);
        }
        if (before != null && !before.equals(provider)) {
            means.functions().cease(before, functionId);
        }
        if (!means.functions().serve(provider, description)) {
            synchronized (this) {
                functions.remove(functionId, provider);
            }
            worker.link().send(new ToWorker.RegistrationRejected(functionId, ""));
        } else if (isEnded()) {
            means.functions().cease(provider, functionId); // it left while we were at it
        } else {
            probeOthers(functionId);
        }
    }

    private @Nullable Provider provider(@Nullable Json endpoint) {
        if (endpoint == null) {
            return calls;
        }
        try {
            return means.endpoints().endpoint(worker.id(), endpoint);
        } catch (Endpoints.RefusedException e) {
            workers.ignored("endpoint: " + e.getMessage());
            return null;
        }
    }

    /**
     * Another connection that serves the same function is another worker, or this one's own from before, which nobody has
     * noticed to be dead: calls should not wait for it to be noticed.
     */
    private void probeOthers(String functionId) {
        for (Invoker.Service service : means.functions().services(functionId)) {
            probe(service.provider().workerId());
        }
    }

    private void probe(@Nullable String workerId) {
        Worker other = workerId == null || workerId.equals(worker.id()) || !probed.add(workerId)
                ? null
                : workers.worker(workerId);
        if (other != null) {
            other.link().probe();
        }
    }

    /** Serves a function no longer. */
    void unregister(String functionId) {
        Provider provider;
        synchronized (this) {
            provider = functions.remove(functionId);
        }
        if (provider != null) {
            means.functions().cease(provider, functionId);
        }
    }

    /** The worker is gone, and serves nothing any more. */
    void end() {
        Map<String, Provider> served;
        synchronized (this) {
            ended = true;
            served = Map.copyOf(functions);
            functions.clear();
        }
        served.forEach((functionId, provider) ->
                workers.attempt(() -> means.functions().cease(provider, functionId)));
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    synchronized Set<String> ids() {
        return Set.copyOf(functions.keySet());
    }
}
