package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Provider;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.worker.FromWorker.Action;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connected worker. Its messages take effect in order; but its calls run side by side, and answers never wait. A call
 * waits while triggers that it registered before are being bound, so that it cannot miss them.
 */
public final class Worker {
    private final Workers workers;
    private final Workers.Means means;
    private final Link link;
    private final String id;
    private final String reattachToken;
    private final @Nullable String address;
    private final Instant connectedAt;
    private final Calls calls;
    private volatile WorkerInfo info = WorkerInfo.NONE;

    /** What it serves, by function id: itself, or an endpoint. */
    private final Map<String, Provider> functions = new HashMap<>();

    private final Map<String, WorkerTriggerType> types = new HashMap<>();
    private final Set<String> triggers = new HashSet<>();
    private final Queue<FromWorker> waiting = new ArrayDeque<>();
    private int binding;
    private boolean gone;

    Worker(Workers workers, Workers.Means means, Link link, @Nullable String address) {
        this.workers = workers;
        this.means = means;
        this.link = link;
        this.id = means.ids().get().toString();
        this.reattachToken = means.ids().get().toString();
        this.address = address;
        this.connectedAt = means.clock().instant();
        this.calls = new Calls(this, workers, means);
    }

    /** Takes a message in. To be called on the link's executor. */
    public void accept(FromWorker message) {
        switch (message) {
            // These two must not wait for anything: something may be waiting for them.
            case FromWorker.Result(UUID invocationId, Outcome outcome) -> calls.answered(invocationId, outcome);
            case FromWorker.TriggerResult result -> bound(result);
            case FromWorker.Ping ignored -> link.send(new ToWorker.Pong());
            case FromWorker.Invoke invoke -> inTurn(invoke);
            case FromWorker.RegisterFunction ignored -> inTurn(message);
            case FromWorker.UnregisterFunction ignored -> inTurn(message);
            case FromWorker.RegisterTriggerType ignored -> inTurn(message);
            case FromWorker.UnregisterTriggerType ignored -> inTurn(message);
            case FromWorker.RegisterTrigger ignored -> inTurn(message);
            case FromWorker.UnregisterTrigger ignored -> inTurn(message);
            case FromWorker.Reattach ignored -> inTurn(message);
        }
    }

    private void inTurn(FromWorker message) {
        synchronized (this) {
            if (gone) {
                return;
            }
            boolean mustWait = binding > 0 && !(message instanceof FromWorker.RegisterTrigger);
            if (mustWait || !waiting.isEmpty()) {
                if (waiting.isEmpty()) {
                    link.pause();
                }
                waiting.add(message);
                return;
            }
        }
        take(message);
    }

    private void proceed() {
        while (true) {
            FromWorker next;
            synchronized (this) {
                next = waiting.peek();
                if (next == null || gone || (binding > 0 && !(next instanceof FromWorker.RegisterTrigger))) {
                    break;
                }
            }
            take(next);
            synchronized (this) {
                waiting.poll();
                if (waiting.isEmpty()) {
                    link.resume();
                }
            }
        }
    }

    private void take(FromWorker message) {
        switch (message) {
            case FromWorker.RegisterFunction function -> register(function.description(), function.endpoint());
            case FromWorker.UnregisterFunction(String functionId) -> unregister(functionId);
            case FromWorker.RegisterTriggerType type -> provide(type);
            case FromWorker.UnregisterTriggerType(String typeId) -> withdraw(typeId);
            case FromWorker.RegisterTrigger trigger -> bind(trigger);
            case FromWorker.UnregisterTrigger(String triggerId) -> unbind(triggerId);
            case FromWorker.Invoke invoke -> invoke(invoke);
            case FromWorker.Reattach reattach -> reattach(reattach);
            case FromWorker.Result ignored -> {}
            case FromWorker.TriggerResult ignored -> {}
            case FromWorker.Ping ignored -> {}
        }
    }

    private synchronized void register(FunctionDescription description, @Nullable Json endpoint) {
        if (gone || (functions.size() >= means.limits().functions() && !functions.containsKey(description.id()))) {
            workers.tell(listener -> listener.ignored("function beyond the limit"));
            return;
        }
        Provider provider = calls;
        if (endpoint != null) {
            try {
                provider = means.endpoints().endpoint(id, endpoint);
            } catch (Endpoints.RefusedException e) {
                workers.tell(listener -> listener.ignored("endpoint: " + e.getMessage()));
                return;
            }
        }
        Provider before = functions.get(description.id());
        if (before != null && !before.equals(provider)) {
            means.functions().cease(before, description.id());
        }
        if (means.functions().serve(provider, description)) {
            functions.put(description.id(), provider);
        } else {
            link.send(new ToWorker.RegistrationRejected(description.id(), ""));
        }
    }

    private synchronized void unregister(String functionId) {
        Provider provider = functions.remove(functionId);
        if (provider != null) {
            means.functions().cease(provider, functionId);
        }
    }

    private synchronized void provide(FromWorker.RegisterTriggerType described) {
        if (gone) {
            return;
        }
        WorkerTriggerType type = new WorkerTriggerType(this, described, means);
        if (means.triggers().provide(type)) {
            types.put(type.id(), type);
        } else {
            link.send(new ToWorker.TriggerRefused(
                    "", type.id(), "", TriggerRefusedException.CODE, "type " + type.id() + " is built in"));
        }
    }

    private synchronized void withdraw(String typeId) {
        WorkerTriggerType type = types.remove(typeId);
        if (type != null) {
            means.triggers().withdraw(type);
        }
    }

    private void bind(FromWorker.RegisterTrigger wanted) {
        boolean ours = means.triggers().isOurs(wanted.triggerType());
        synchronized (this) {
            boolean beyond = triggers.size() >= means.limits().triggers() && !triggers.contains(wanted.id());
            if (gone || beyond) {
                workers.tell(listener -> listener.ignored("trigger beyond the limit"));
                return;
            }
            triggers.add(wanted.id());
            binding += ours ? 1 : 0;
        }
        CompletionStage<Void> bound = means.triggers()
                .register(new Binding(
                        wanted.id(),
                        wanted.triggerType(),
                        wanted.functionId(),
                        wanted.config(),
                        wanted.metadata(),
                        id));
        if (isGone()) {
            means.triggers().workerGone(id); // it left while we were at it
        }
        var _ = bound.whenComplete((done, failure) -> {
            if (failure != null) {
                refused(wanted, bare(failure));
            }
            if (ours) {
                boundOne();
            }
        });
    }

    private void boundOne() {
        boolean last;
        synchronized (this) {
            binding--;
            last = binding == 0 && !waiting.isEmpty();
        }
        if (last) {
            link.executor().execute(this::proceed);
        }
    }

    private void refused(FromWorker.RegisterTrigger wanted, Throwable failure) {
        synchronized (this) {
            triggers.remove(wanted.id());
        }
        String code =
                failure instanceof TriggerRefusedException refusal ? refusal.code() : TriggerRefusedException.CODE;
        link.send(new ToWorker.TriggerRefused(
                wanted.id(), wanted.triggerType(), wanted.functionId(), code, String.valueOf(failure.getMessage())));
    }

    private void unbind(String triggerId) {
        synchronized (this) {
            triggers.remove(triggerId);
        }
        means.triggers().unregister(triggerId);
    }

    /** What became of a trigger of a type of this worker: one it does not take waits for another that does. */
    private void bound(FromWorker.TriggerResult result) {
        WorkerTriggerType type;
        synchronized (this) {
            type = types.get(result.triggerType());
        }
        if (type == null) {
            return;
        }
        Outcome.Failure failure = result.failure();
        if (type.answered(result.id(), failure) || failure == null) {
            return;
        }
        // Too late for whoever registered it to be told by the registration itself.
        Binding parked = means.triggers().park(result.id(), type);
        String ownerId = parked == null ? null : parked.workerId();
        Worker owner = ownerId == null ? null : workers.worker(ownerId);
        if (parked != null && owner != null) {
            owner.link.send(new ToWorker.TriggerRefused(
                    result.id(), result.triggerType(), parked.functionId(), failure.code(), failure.message()));
        }
    }

    private void invoke(FromWorker.Invoke asked) {
        switch (asked.action()) {
            case Action.Call ignored -> {
                CompletionStage<Outcome> outcome = means.functions().invoke(invocation(asked, asked.data()));
                if (asked.invocationId() != null) {
                    reply(asked, outcome);
                }
            }
            case Action.Forget ignored -> {
                var _ = means.functions().invoke(invocation(asked, asked.data()));
            }
            case Action.Enqueue(String queue) -> enqueue(asked, queue);
        }
    }

    private Invocation invocation(FromWorker.Invoke asked, Json payload) {
        Instant deadline = means.functions().isLocal(asked.functionId())
                ? means.clock().instant().plus(means.limits().callDeadline())
                : Instant.MAX;
        return new Invocation(
                asked.functionId(),
                payload,
                deadline,
                new Invocation.Context(asked.traceParent(), asked.baggage(), asked.metadata(), id));
    }

    private void enqueue(FromWorker.Invoke asked, String queue) {
        JsonText text = new JsonText(256 + asked.data().sizeBytes());
        text.raw("{\"queue\":").quoted(queue).raw(",\"function_id\":").quoted(asked.functionId());
        text.raw(",\"data\":").json(asked.data());
        text.raw(",\"messageReceiptId\":").quoted(means.ids().get().toString()).raw("}");
        CompletionStage<Outcome> queued = means.functions()
                .invoke(new Invocation(
                        "engine::queue::enqueue",
                        text.toJson(),
                        means.clock().instant().plus(means.limits().callDeadline()),
                        new Invocation.Context(asked.traceParent(), asked.baggage(), null, id)));
        if (asked.invocationId() != null) {
            reply(
                    asked,
                    queued.thenApply(outcome -> outcome instanceof Outcome.Failure failure
                            ? new Outcome.Failure("enqueue_error", failure.code() + ": " + failure.message())
                            : outcome));
        }
    }

    private void reply(FromWorker.Invoke asked, CompletionStage<Outcome> outcome) {
        UUID invocationId = asked.invocationId();
        if (invocationId == null) {
            return;
        }
        var _ = outcome.thenAccept(known -> link.send(
                new ToWorker.Result(invocationId, asked.functionId(), known, asked.traceParent(), asked.baggage())));
    }

    private void reattach(FromWorker.Reattach asked) {
        Worker previous = workers.worker(asked.previousWorkerId());
        if (previous != null && !previous.equals(this) && previous.reattachToken.equals(asked.reattachToken())) {
            previous.disconnected();
            previous.link.close();
        }
    }

    /** The connection has ended: everything the worker had registered goes, and nobody waits for it any longer. */
    public void disconnected() {
        Map<String, Provider> served;
        Map<String, WorkerTriggerType> provided;
        synchronized (this) {
            if (gone) {
                return;
            }
            gone = true;
            served = Map.copyOf(functions);
            provided = Map.copyOf(types);
            functions.clear();
            types.clear();
            waiting.clear();
        }
        served.forEach((functionId, provider) -> means.functions().cease(provider, functionId));
        calls.stop();
        means.triggers().workerGone(id);
        provided.values().forEach(type -> {
            means.triggers().withdraw(type);
            type.gone();
        });
        workers.gone(this);
    }

    private synchronized boolean isGone() {
        return gone;
    }

    /** Notes what the worker says about itself. */
    public void announce(WorkerInfo said) {
        info = said;
        workers.tell(listener -> listener.announced(this));
    }

    /** Its id, ours to give. */
    public String id() {
        return id;
    }

    /** What it has said about itself. */
    public WorkerInfo info() {
        return info;
    }

    /** Where it is connected from. */
    public @Nullable String address() {
        return address;
    }

    /** Since when. */
    public Instant connectedAt() {
        return connectedAt;
    }

    /** How many calls it has not answered. */
    public int inFlight() {
        return calls.inFlight();
    }

    /** The ids of the functions it serves. */
    public synchronized Set<String> functions() {
        return Set.copyOf(functions.keySet());
    }

    String reattachToken() {
        return reattachToken;
    }

    Link link() {
        return link;
    }

    private static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
