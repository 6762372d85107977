package io.millrace.engine.surface;

import io.millrace.engine.trigger.Binding;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The workers and triggers of other nodes, as far as they are listed here. Calls may come from any thread. */
public interface Elsewhere {
    /** There is no other node. */
    Elsewhere NOWHERE = new Elsewhere() {
        @Override
        public @Nullable String workerName(String workerId) {
            return null;
        }

        @Override
        public CompletionStage<List<Part>> parts(Instant deadline) {
            return CompletableFuture.completedStage(List.of());
        }

        @Override
        public void watch(BiConsumer<String, String> told) {}
    };

    /** What one node has. */
    record Part(List<WorkerSeen> workers, List<Binding> triggers) {}

    /** What a worker of another node calls itself; null if that is not known. */
    @Nullable
    String workerName(String workerId);

    /**
     * Asks all other nodes what they have.
     *
     * @param deadline when nobody waits any more
     * @return completes soon, never exceptionally: a node that does not answer is left out
     */
    CompletionStage<List<Part>> parts(Instant deadline);

    /** Tells {@code told} what happens to workers of other nodes, and the worker's id. It must return at once. */
    void watch(BiConsumer<String, String> told);
}
