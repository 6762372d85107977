package io.millrace.engine.reach;

import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Remote;
import io.millrace.engine.peer.PeerLostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A function that workers at one other node serve. */
final class RemoteFunction implements Remote {
    /** How long a caller waits that waits for ever: whoever serves it is gone by then. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private static final Outcome STOPPED = new Outcome.Failure("invocation_stopped", "Invocation stopped");

    private final Neighbour neighbour;
    private final InstantSource clock;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile List<String> workerIds;

    RemoteFunction(Neighbour neighbour, InstantSource clock, List<String> workerIds) {
        this.neighbour = neighbour;
        this.clock = clock;
        this.workerIds = workerIds;
    }

    void workerIds(List<String> now) {
        workerIds = now;
    }

    @Override
    public List<String> workerIds() {
        return workerIds;
    }

    @Override
    public CompletionStage<Optional<Outcome>> tryCall(Invocation invocation) {
        Instant begun = clock.instant();
        Instant deadline = invocation.deadline();
        underWay.incrementAndGet();
        return neighbour
                .peer()
                .ask(
                        Reach.INVOKE,
                        CallText.of(invocation),
                        deadline.equals(Instant.MAX) ? begun.plus(FOR_EVER) : deadline)
                .thenApply(CallText::outcome)
                .handle((outcome, failure) -> {
                    underWay.decrementAndGet();
                    return failure == null ? outcome : Optional.of(failed(failure, begun, deadline));
                });
    }

    /** As a worker of this node would fail: late, or gone. */
    private Outcome failed(Throwable failure, Instant begun, Instant deadline) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof PeerLostException)) {
            return new Outcome.Failure(
                    "invocation_error", "node " + neighbour.peer().node() + ": " + cause.getMessage());
        }
        return clock.instant().isBefore(deadline)
                ? STOPPED
                : new Outcome.Failure(
                        "TIMEOUT",
                        "invocation timed out after "
                                + Duration.between(begun, deadline).toMillis() + "ms",
                        true,
                        null);
    }

    /** For each worker that may take them. */
    @Override
    public int inFlight() {
        return underWay.get() / workerIds.size();
    }

    @Override
    public boolean isCongested() {
        return neighbour.peer().isCongested();
    }

    @Override
    public boolean isLeaving() {
        return neighbour.isLeaving();
    }
}
