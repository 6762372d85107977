package io.millrace.engine.worker;

import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The triggers that one worker registers, and the types of trigger that it provides. */
final class WorkerTriggers {
    private final Worker worker;
    private final Workers workers;
    private final Workers.Means means;
    private final Turns turns;
    private final Map<String, WorkerTriggerType> types = new HashMap<>();
    private final Set<String> triggers = new HashSet<>();
    private boolean ended;

    WorkerTriggers(Worker worker, Workers workers, Workers.Means means, Turns turns) {
        this.worker = worker;
        this.workers = workers;
        this.means = means;
        this.turns = turns;
    }

    /** It provides a type. */
    void provide(FromWorker.RegisterTriggerType described) {
        WorkerTriggerType type = new WorkerTriggerType(worker, described, means);
        WorkerTriggerType before;
        synchronized (this) {
            if (ended) {
                return;
            }
            if (types.size() >= means.limits().functions() && !types.containsKey(type.id())) {
                workers.ignored("trigger type beyond the limit");
                return;
            }
            before = types.put(type.id(), type);
        }
        if (!means.triggers().provide(type)) {
            synchronized (this) {
                types.remove(type.id(), type);
            }
            worker.link()
                    .send(new ToWorker.TriggerRefused(
                            "", type.id(), "", TriggerRefusedException.CODE, "type " + type.id() + " is built in"));
        } else if (isEnded()) {
            means.triggers().withdraw(type); // it left while we were at it
        }
        if (before != null) {
            before.gone();
        }
    }

    /** It provides a type no longer. */
    void withdraw(String typeId) {
        WorkerTriggerType type;
        synchronized (this) {
            type = types.remove(typeId);
        }
        if (type != null) {
            means.triggers().withdraw(type);
            type.gone();
        }
    }

    /** It wants a function to be called. */
    void bind(FromWorker.RegisterTrigger wanted) {
        boolean ours = means.triggers().isOurs(wanted.triggerType());
        synchronized (this) {
            boolean beyond = triggers.size() >= means.limits().triggers() && !triggers.contains(wanted.id());
            if (ended || beyond) {
                workers.ignored("trigger beyond the limit");
                return;
            }
            triggers.add(wanted.id());
        }
        if (ours) {
            turns.bindingOne();
        }
        CompletionStage<Void> bound = means.triggers()
                .register(new Binding(
                        wanted.id(),
                        wanted.triggerType(),
                        wanted.functionId(),
                        wanted.config(),
                        wanted.metadata(),
                        worker.id()));
        if (isEnded()) {
            means.triggers().workerGone(worker.id()); // it left while we were at it
        }
        if (ours) {
            await(wanted, bound);
        }
    }

    /** Holds calls back until a trigger of a type of ours is bound, but not for ever. */
    private void await(FromWorker.RegisterTrigger wanted, CompletionStage<Void> bound) {
        AtomicBoolean waited = new AtomicBoolean();
        Runnable over = () -> {
            if (!waited.getAndSet(true)) {
                turns.boundOne();
            }
        };
        var limit = means.scheduler().after(means.limits().callDeadline(), over);
        var _ = bound.whenComplete((done, failure) -> {
            limit.cancel();
            if (failure != null) {
                refused(wanted, bare(failure));
            }
            over.run();
        });
    }

    private void refused(FromWorker.RegisterTrigger wanted, Throwable failure) {
        synchronized (this) {
            triggers.remove(wanted.id());
        }
        String code =
                failure instanceof TriggerRefusedException refusal ? refusal.code() : TriggerRefusedException.CODE;
        worker.link()
                .send(new ToWorker.TriggerRefused(
                        wanted.id(),
                        wanted.triggerType(),
                        wanted.functionId(),
                        code,
                        String.valueOf(failure.getMessage())));
    }

    /** A trigger is to end, whoever registered it. */
    void unbind(String triggerId) {
        synchronized (this) {
            triggers.remove(triggerId);
        }
        var _ = means.triggers().unregisterAnywhere(triggerId);
    }

    /**
     * What became of a trigger of a type of this worker. One it does not take waits for another that does, and whoever
     * registered it is told.
     */
    void bound(FromWorker.TriggerResult result) {
        WorkerTriggerType type;
        synchronized (this) {
            type = types.get(result.triggerType());
        }
        if (type == null) {
            return;
        }
        Outcome.Failure failure = result.failure();
        Binding waited = type.answered(result.id(), failure);
        if (failure == null) {
            return;
        }
        Binding parked = waited == null ? means.triggers().park(result.id(), type) : waited;
        if (parked != null) {
            workers.refuse(parked, failure.code(), failure.message());
        }
    }

    /** The worker is gone: its triggers go, and those of its types wait until these come back. */
    void end() {
        Map<String, WorkerTriggerType> provided;
        synchronized (this) {
            ended = true;
            provided = Map.copyOf(types);
            types.clear();
            triggers.clear();
        }
        means.triggers().workerGone(worker.id());
        provided.values().forEach(type -> {
            means.triggers().withdraw(type);
            type.gone();
        });
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
