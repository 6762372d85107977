package io.millrace.engine.write;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** Those who want to see the partition between two transactions. Asked by any thread, shown by the writer's. */
final class Views {
    private final ConcurrentLinkedQueue<Request<?>> requests = new ConcurrentLinkedQueue<>();

    <T> CompletionStage<T> ask(Function<CommittedView, T> look) {
        Request<T> request = new Request<>(look, new CompletableFuture<>());
        requests.add(request);
        return request.seen();
    }

    boolean isEmpty() {
        return requests.isEmpty();
    }

    void show(CommittedView view) {
        all(request -> request.show(view));
    }

    void refuse(UnavailableException cause) {
        all(request -> request.seen().completeExceptionally(cause));
    }

    private void all(Consumer<Request<?>> action) {
        Request<?> request = requests.poll();
        while (request != null) {
            action.accept(request);
            request = requests.poll();
        }
    }

    private record Request<T>(Function<CommittedView, T> look, CompletableFuture<T> seen) {
        void show(CommittedView view) {
            try {
                seen.complete(look.apply(view));
            } catch (RuntimeException e) {
                seen.completeExceptionally(e);
            }
        }
    }
}
