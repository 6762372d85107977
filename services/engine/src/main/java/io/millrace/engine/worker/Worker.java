package io.millrace.engine.worker;

import io.millrace.engine.function.Outcome;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connected worker. Its messages take effect in order; but its calls run side by side, and answers never wait. A call
 * waits while triggers that it registered before are being bound, so that it cannot miss them.
 */
public final class Worker {
    private final Workers workers;
    private final Link link;
    private final String id;
    private final String reattachToken;
    private final @Nullable String address;
    private final Instant connectedAt;
    private final Calls calls;
    private volatile WorkerInfo info = WorkerInfo.NONE;

    private final ServedFunctions functions;
    private final Turns turns;
    private final WorkerTriggers triggers;
    private final Errands errands;
    private final AtomicBoolean gone = new AtomicBoolean();

    Worker(Workers workers, Workers.Means means, Link link, @Nullable String address) {
        this.workers = workers;
        this.link = link;
        this.id = means.ids().get().toString();
        this.reattachToken = means.ids().get().toString();
        this.address = address;
        this.connectedAt = means.clock().instant();
        this.calls = new Calls(this, workers, means);
        this.functions = new ServedFunctions(this, workers, means, calls);
        this.turns = new Turns(link, this::take);
        this.triggers = new WorkerTriggers(this, workers, means, turns);
        this.errands = new Errands(this, workers, means);
    }

    /** Takes a message in. To be called on the link's executor. */
    public void accept(FromWorker message) {
        switch (message) {
            // These two must not wait for anything: something may be waiting for them.
            case FromWorker.Result(UUID invocationId, Outcome outcome) -> calls.answered(invocationId, outcome);
            case FromWorker.TriggerResult result -> triggers.bound(result);
            case FromWorker.Ping ignored -> link.send(new ToWorker.Pong());
            case FromWorker.Invoke invoke -> turns.inTurn(invoke);
            case FromWorker.RegisterFunction ignored -> turns.inTurn(message);
            case FromWorker.UnregisterFunction ignored -> turns.inTurn(message);
            case FromWorker.RegisterTriggerType ignored -> turns.inTurn(message);
            case FromWorker.UnregisterTriggerType ignored -> turns.inTurn(message);
            case FromWorker.RegisterTrigger ignored -> turns.inTurn(message);
            case FromWorker.UnregisterTrigger ignored -> turns.inTurn(message);
            case FromWorker.Reattach ignored -> turns.inTurn(message);
        }
    }

    private void take(FromWorker message) {
        try {
            apply(message);
        } catch (RuntimeException e) {
            // Somebody who was told of it has failed. The worker can do nothing about that.
            workers.broken(message.getClass().getSimpleName(), e);
        }
    }

    private void apply(FromWorker message) {
        switch (message) {
            case FromWorker.RegisterFunction function ->
                functions.register(function.description(), function.endpoint());
            case FromWorker.UnregisterFunction(String functionId) -> functions.unregister(functionId);
            case FromWorker.RegisterTriggerType type -> triggers.provide(type);
            case FromWorker.UnregisterTriggerType(String typeId) -> triggers.withdraw(typeId);
            case FromWorker.RegisterTrigger trigger -> triggers.bind(trigger);
            case FromWorker.UnregisterTrigger(String triggerId) -> triggers.unbind(triggerId);
            case FromWorker.Invoke invoke -> errands.invoke(invoke);
            case FromWorker.Reattach reattach -> reattach(reattach);
            case FromWorker.Result ignored -> {}
            case FromWorker.TriggerResult ignored -> {}
            case FromWorker.Ping ignored -> {}
        }
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
        if (gone.getAndSet(true)) {
            return;
        }
        turns.end();
        workers.attempt(functions::end);
        calls.stop();
        workers.attempt(triggers::end);
        workers.gone(this);
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
    public Set<String> functions() {
        return functions.ids();
    }

    String reattachToken() {
        return reattachToken;
    }

    Link link() {
        return link;
    }
}
