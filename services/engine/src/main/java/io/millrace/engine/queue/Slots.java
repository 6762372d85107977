package io.millrace.engine.queue;

import io.millrace.engine.function.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets so many calls be under way at a time; the others wait for their turn, and nobody blocks. */
final class Slots {
    private static final Outcome.Failure CLOSED =
            new Outcome.Failure("queue_closed", "the queue is closed", true, null);

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final AtomicInteger turns = new AtomicInteger();
    private int free;
    private boolean closed;

    private record Waiting(Supplier<CompletionStage<Outcome>> call, CompletableFuture<Outcome> outcome) {}

    Slots(int count) {
        free = count;
    }

    /** Makes the call, at once or when there is a slot. */
    CompletionStage<Outcome> run(Supplier<CompletionStage<Outcome>> call) {
        Waiting next = new Waiting(call, new CompletableFuture<>());
        synchronized (this) {
            if (closed) {
                return CompletableFuture.completedStage(CLOSED);
            }
            waiting.add(next);
        }
        proceed();
        return next.outcome();
    }

    /** Begins what may begin. Calls that end at once do not begin others from within, or the stack would grow with them. */
    private void proceed() {
        if (turns.getAndIncrement() != 0) {
            return; // whoever is at it goes round once more
        }
        do {
            for (Waiting next = take(); next != null; next = take()) {
                begin(next);
            }
        } while (turns.decrementAndGet() != 0);
    }

    private synchronized @Nullable Waiting take() {
        if (free == 0) {
            return null;
        }
        Waiting next = waiting.poll();
        if (next != null) {
            free--;
        }
        return next;
    }

    private void begin(Waiting next) {
        CompletionStage<Outcome> outcome;
        try {
            outcome = next.call().get();
        } catch (RuntimeException e) {
            outcome = CompletableFuture.failedStage(e);
        }
        var _ = outcome.whenComplete((known, failure) -> {
            synchronized (this) {
                free++;
            }
            if (failure == null) {
                next.outcome().complete(known);
            } else {
                next.outcome().completeExceptionally(failure);
            }
            proceed();
        });
    }

    /** What waits is not called any more. */
    void close() {
        Deque<Waiting> left;
        synchronized (this) {
            closed = true;
            left = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        left.forEach(one -> one.outcome().complete(CLOSED));
    }
}
