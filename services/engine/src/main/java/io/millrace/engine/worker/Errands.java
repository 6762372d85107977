package io.millrace.engine.worker;

import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.worker.FromWorker.Action;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The calls that one worker makes. They run side by side; each is answered when it is done. */
final class Errands {
    private static final String ENQUEUE = "engine::queue::enqueue";
    private static final String ENQUEUE_ERROR = "enqueue_error";

    private final Worker worker;
    private final Workers workers;
    private final Workers.Means means;

    Errands(Worker worker, Workers workers, Workers.Means means) {
        this.worker = worker;
        this.workers = workers;
        this.means = means;
    }

    /** Makes a call, and answers it if that is wanted. */
    void invoke(FromWorker.Invoke asked) {
        switch (asked.action()) {
            case Action.Call ignored -> reply(asked, call(invocation(asked)));
            case Action.Forget ignored -> {
                var _ = call(invocation(asked));
            }
            case Action.Enqueue(String queue) -> enqueue(asked, queue);
        }
    }

    private CompletionStage<Outcome> call(Invocation invocation) {
        try {
            return means.functions().invoke(invocation);
        } catch (RuntimeException e) {
            return CompletableFuture.completedStage(broken(invocation.functionId(), e));
        }
    }

    private Outcome broken(String functionId, Throwable why) {
        workers.tell(listener -> listener.broken(functionId, why));
        return new Outcome.Failure("internal_error", "The call failed for a reason of our own; the log has it.");
    }

    private Invocation invocation(FromWorker.Invoke asked) {
        Instant deadline = means.functions().isLocal(asked.functionId())
                ? means.clock().instant().plus(means.limits().callDeadline())
                : Instant.MAX;
        return new Invocation(
                asked.functionId(),
                asked.data(),
                deadline,
                new Invocation.Context(asked.traceParent(), asked.baggage(), asked.metadata(), worker.id()));
    }

    private void enqueue(FromWorker.Invoke asked, String queue) {
        if (!means.functions().isAvailable(ENQUEUE)) {
            reply(asked, failed(ENQUEUE_ERROR, "No queue provider is installed. Nobody serves " + ENQUEUE + "."));
            return;
        }
        JsonText text = new JsonText(256 + asked.data().sizeBytes());
        text.raw("{\"queue\":").quoted(queue).raw(",\"function_id\":").quoted(asked.functionId());
        text.raw(",\"data\":").json(asked.data());
        text.raw(",\"messageReceiptId\":").quoted(means.ids().get().toString());
        if (asked.traceParent() != null) {
            text.raw(",\"traceparent\":").quoted(asked.traceParent());
        }
        if (asked.baggage() != null) {
            text.raw(",\"baggage\":").quoted(asked.baggage());
        }
        CompletionStage<Outcome> queued = call(new Invocation(
                ENQUEUE,
                text.raw("}").toJson(),
                means.clock().instant().plus(means.limits().callDeadline()),
                new Invocation.Context(asked.traceParent(), asked.baggage(), null, worker.id())));
        reply(
                asked,
                queued.thenApply(outcome -> outcome instanceof Outcome.Failure failure
                        ? new Outcome.Failure(
                                ENQUEUE_ERROR, failure.code() + ": " + failure.message(), failure.retriable(), null)
                        : outcome));
    }

    private static CompletionStage<Outcome> failed(String code, String message) {
        return CompletableFuture.completedStage(new Outcome.Failure(code, message));
    }

    /** Sends the outcome once it is known, if it was asked for. */
    private void reply(FromWorker.Invoke asked, CompletionStage<Outcome> outcome) {
        UUID invocationId = asked.invocationId();
        if (invocationId == null) {
            return;
        }
        var _ = outcome.whenComplete((known, failure) -> worker.link()
                .send(new ToWorker.Result(
                        invocationId,
                        asked.functionId(),
                        failure == null ? known : broken(asked.functionId(), failure),
                        asked.traceParent(),
                        asked.baggage())));
    }
}
