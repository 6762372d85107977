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
    private final Map<String, CompletableFuture<Void>> unanswered = new ConcurrentHashMap<>();

    WorkerTriggerType(Worker worker, FromWorker.RegisterTriggerType described, Workers.Means means) {
        this.worker = worker;
        this.described = described;
        this.means = means;
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        unanswered.put(binding.id(), answer);
        var limit = means.scheduler().after(PATIENCE, () -> {
            unanswered.remove(binding.id(), answer);
            answer.complete(null); // it may still do what it was asked to
        });
        worker.link().send(new ToWorker.RegisterTrigger(binding));
        return answer.whenComplete((done, failure) -> limit.cancel());
    }

    /** Takes the worker's answer in. Returns whether somebody waits for it who will be told. */
    boolean answered(String bindingId, Outcome.@Nullable Failure failure) {
        CompletableFuture<Void> answer = unanswered.remove(bindingId);
        if (answer == null) {
            return false;
        }
        if (failure == null) {
            answer.complete(null);
        } else {
            answer.completeExceptionally(new TriggerRefusedException(failure.code(), failure.message()));
        }
        return true;
    }

    /** Nobody answers any more. */
    void gone() {
        unanswered.values().forEach(answer -> answer.complete(null));
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
