package io.millrace.engine.write;

import io.millrace.engine.port.Lease;
import io.millrace.engine.port.StoreClosedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

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

    /** Shows the view, and hands out what was seen if the lease was held all the while. */
    void show(CommittedView view, Lease lease, Supplier<UnavailableException> unsure) {
        all(request -> request.show(view, lease, unsure));
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
        void show(CommittedView view, Lease lease, Supplier<UnavailableException> unsure) {
            try {
                T sight = look.apply(view);
                if (lease.held()) {
                    seen.complete(sight);
                } else {
                    seen.completeExceptionally(unsure.get());
                    Unwanted.close(sight);
                }
            } catch (StoreClosedException e) {
                seen.completeExceptionally(new UnavailableException("the partition is changing its owner"));
            } catch (RuntimeException e) {
                seen.completeExceptionally(e);
            }
        }
    }
}
