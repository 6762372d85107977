package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.TriggerType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A type of trigger that a worker provides: it is told of each, and calls the functions itself. */
final class WorkerTriggerType implements TriggerType {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Worker worker;
    private final FromWorker.RegisterTriggerType described;
    private final Workers.Means means;
    private final Map<String, Asked> unanswered = new ConcurrentHashMap<>();

    /** A trigger that the worker has been told of, and who waits for its answer. */
    private record Asked(Binding binding, CompletableFuture<Void> answer) {}

    WorkerTriggerType(Worker worker, FromWorker.RegisterTriggerType described, Workers.Means means) {
        this.worker = worker;
        this.described = described;
        this.means = means;
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        Asked asked = new Asked(binding, new CompletableFuture<>());
        unanswered.put(binding.id(), asked);
        var limit = means.scheduler().after(PATIENCE, () -> {
            unanswered.remove(binding.id(), asked);
            asked.answer().complete(null); // it may still do what it was asked to
        });
        worker.link().send(new ToWorker.RegisterTrigger(binding));
        return asked.answer().whenComplete((done, failure) -> limit.cancel());
    }

    /** Takes the worker's answer in. Returns the trigger it is about if one was waited for. */
    @Nullable
    Binding answered(String bindingId, Outcome.@Nullable Failure failure) {
        Asked asked = unanswered.remove(bindingId);
        if (asked == null) {
            return null;
        }
        if (failure == null) {
            asked.answer().complete(null);
        } else {
            asked.answer().completeExceptionally(new TriggerRefusedException(failure.code(), failure.message()));
        }
        return asked.binding();
    }

    /** Nobody answers any more. */
    void gone() {
        unanswered.values().forEach(asked -> asked.answer().complete(null));
        unanswered.clear();
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        unanswered.remove(binding.id());
        worker.link().send(new ToWorker.UnregisterTrigger(binding.id(), binding.type()));
    }

    @Override
    public String id() {
        return described.id();
    }

    @Override
    public String description() {
        return described.description();
    }

    @Override
    public @Nullable Json configFormat() {
        return described.configFormat();
    }

    @Override
    public @Nullable Json callFormat() {
        return described.callFormat();
    }

    @Override
    public String workerId() {
        return worker.id();
    }
}
