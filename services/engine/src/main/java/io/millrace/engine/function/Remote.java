package io.millrace.engine.function;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One who serves a function at another node. Those of this node are preferred. */
public interface Remote extends Provider {
    /**
     * Passes a call on.
     *
     * @return completes with the outcome; empty if nobody serves the function there any more, and nobody has been called
     */
    CompletionStage<Optional<Outcome>> tryCall(Invocation invocation);

    @Override
    default CompletionStage<Outcome> call(Invocation invocation) {
        return tryCall(invocation)
                .thenCompose(outcome -> outcome.<CompletionStage<Outcome>>map(CompletableFuture::completedStage)
                        .orElseGet(() -> Invoker.notFound(invocation.functionId())));
    }

    /** Whether its node is about to stop: whoever else serves the function is preferred. */
    boolean isLeaving();

    /** The workers there that serve it; at least one. */
    List<String> workerIds();

    @Override
    default String workerId() {
        return workerIds().getFirst();
    }
}
