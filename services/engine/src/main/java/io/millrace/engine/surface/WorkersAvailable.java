package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.WorkerEvents;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Triggers of type {@code engine::workers-available}: a worker has come, said who it is, or gone. */
final class WorkersAvailable implements TriggerType, WorkerEvents {
    private final Audience audience;

    WorkersAvailable(Audience audience) {
        this.audience = audience;
    }

    @Override
    public void connected(Worker worker) {
        tell("worker_connected", worker.id());
    }

    @Override
    public void announced(Worker worker) {
        tell("worker_metadata_updated", worker.id());
    }

    @Override
    public void disconnected(Worker worker) {
        tell("worker_disconnected", worker.id());
    }

    /** Of whatever node it is. */
    void tell(String event, String workerId) {
        audience.call(Json.of(Tree.object().put("event", event).put("worker_id", workerId)));
    }

    @Override
    public CompletionStage<Void> bind(Binding binding) {
        audience.add(binding);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void unbind(Binding binding, Ending ending) {
        audience.remove(binding);
    }

    @Override
    public String id() {
        return "engine::workers-available";
    }

    @Override
    public String description() {
        return "A worker has come, said who it is, or gone.";
    }
}
