package io.millrace.engine.surface;

import io.millrace.core.value.Json;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerRefusedException;
import io.millrace.engine.trigger.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code engine::register_trigger} and its opposite: triggers that stay when whoever asked for them has gone. */
record TriggerFunctions(Triggers triggers, Scheduler scheduler, Supplier<UUID> ids) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    List<LocalFunction> all() {
        return List.of(
                Asked.later(
                        "engine::register_trigger",
                        "Registers a trigger that no worker owns.",
                        this::register,
                        "trigger_type",
                        "function_id",
                        "config?:any",
                        "metadata?:any"),
                Asked.later(
                        "engine::unregister_trigger",
                        "Ends a trigger for good.",
                        this::unregister,
                        "id",
                        "trigger_type?"));
    }

    private CompletionStage<Outcome> register(Arguments arguments) {
        Binding binding = new Binding(
                ids.get().toString(),
                arguments.text("trigger_type"),
                arguments.text("function_id"),
                arguments.value("config"),
                arguments.optionalValue("metadata"),
                null);
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        CompletionStage<Void> bound = triggers.register(binding);
        Scheduler.Scheduled limit = scheduler.after(PATIENCE, () -> {
            if (answer.complete(refusal(TriggerRefusedException.CODE, "not bound within 10 s"))) {
                triggers.unregister(binding.id());
            }
        });
        bound.whenComplete((done, failure) -> {
            limit.cancel();
            answer.complete(failure == null ? registered(binding) : refusal(bare(failure)));
        });
        return answer;
    }

    private static Outcome registered(Binding binding) {
        return new Outcome.Result(Json.of(Tree.object().put("id", binding.id())));
    }

    private static Outcome refusal(Throwable failure) {
        return failure instanceof TriggerRefusedException refused
                ? refusal(refused.code(), refused.reason())
                : refusal(TriggerRefusedException.CODE, String.valueOf(failure.getMessage()));
    }

    private static Outcome refusal(String code, String message) {
        return new Outcome.Failure(code, message);
    }

    private static Throwable bare(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private CompletionStage<Outcome> unregister(Arguments arguments) {
        return triggers.unregisterAnywhere(arguments.text("id"))
                .thenApply(removed -> new Outcome.Result(Json.of(Tree.object().put("removed", removed))));
    }
}
