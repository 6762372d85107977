package io.millrace.engine.worker;

import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Provider;
import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The calls that one worker is to answer. */
final class Calls implements Provider {
    private static final Outcome.Failure STOPPED = new Outcome.Failure("invocation_stopped", "Invocation stopped");

    private final Worker worker;
    private final Workers workers;
    private final Workers.Means means;
    private final Map<UUID, Call> unanswered = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Calls(Worker worker, Workers workers, Workers.Means means) {
        this.worker = worker;
        this.workers = workers;
        this.means = means;
    }

    /** One call under way. */
    private static final class Call {
        private final CompletableFuture<Outcome> answer = new CompletableFuture<>();
        private final Instant begun;
        private Scheduler.@Nullable Scheduled limit;

        private Call(Instant begun) {
            this.begun = begun;
        }
    }

    @Override
    public CompletionStage<Outcome> call(Invocation invocation) {
        if (unanswered.size() >= means.limits().callsInFlight()) {
            return CompletableFuture.completedStage(new Outcome.Failure(
                    "worker_overloaded",
                    "worker " + worker.id() + " has " + means.limits().callsInFlight() + " calls unanswered",
                    true,
                    null));
        }
        UUID id = means.ids().get();
        Call call = new Call(means.clock().instant());
        unanswered.put(id, call);
        workers.tell(WorkerEvents::called);
        limit(id, call, invocation.deadline());
        Invocation.Context context = invocation.context();
        worker.link()
                .send(new ToWorker.Invoke(
                        id,
                        invocation.functionId(),
                        invocation.payload(),
                        context.traceParent(),
                        context.baggage(),
                        context.metadata(),
                        context.callerWorkerId()));
        if (stopped) {
            // It may have gone while we were at it, and have missed this one.
            complete(id, STOPPED);
        }
        return call.answer;
    }

    private void limit(UUID id, Call call, Instant deadline) {
        if (deadline.equals(Instant.MAX)) {
            return;
        }
        Duration left = Duration.between(call.begun, deadline);
        Outcome.Failure late =
                new Outcome.Failure("TIMEOUT", "invocation timed out after " + left.toMillis() + "ms", true, null);
        call.limit = means.scheduler().after(left.isNegative() ? Duration.ZERO : left, () -> complete(id, late));
    }

    /** Takes an answer in. What was never asked, or has been answered, is ignored. */
    void answered(UUID id, Outcome outcome) {
        if (!complete(id, outcome)) {
            workers.tell(listener -> listener.ignored("result of no call"));
        }
    }

    private boolean complete(UUID id, Outcome outcome) {
        Call call = unanswered.remove(id);
        if (call == null) {
            return false;
        }
        if (call.limit != null) {
            call.limit.cancel();
        }
        boolean failed = outcome instanceof Outcome.Failure;
        long tookNanos = Duration.between(call.begun, means.clock().instant()).toNanos();
        workers.tell(listener -> listener.answered(failed, tookNanos));
        call.answer.complete(outcome);
        return true;
    }

    /** The worker is gone: nobody will answer. */
    void stop() {
        stopped = true;
        List.copyOf(unanswered.keySet()).forEach(id -> complete(id, STOPPED));
    }

    @Override
    public int inFlight() {
        return unanswered.size();
    }

    @Override
    public boolean isCongested() {
        return worker.link().isCongested()
                || unanswered.size() >= means.limits().callsInFlight();
    }

    @Override
    public String workerId() {
        return worker.id();
    }
}
