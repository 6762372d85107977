package io.millrace.engine.gate;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets so many through at a time, first come first served. Calls may come from any thread. */
final class Turnstile {
    private final int most;
    private final int mostWaiting;
    private final Queue<Supplier<? extends CompletionStage<?>>> waiting = new ArrayDeque<>();
    private int passing;
    private CompletableFuture<@Nullable Void> empty = CompletableFuture.completedFuture(null);
    /** More than zero while a thread lets others through: whoever comes meanwhile leaves it to that one. */
    private final AtomicInteger calls = new AtomicInteger();

    Turnstile(int most, int mostWaiting) {
        this.most = most;
        this.mostWaiting = mostWaiting;
    }

    /**
     * Begins something now or later.
     *
     * @param passage begins it, without blocking or throwing; it is over when the stage completes
     * @return false if too much waits already: then it never begins
     */
    boolean pass(Supplier<? extends CompletionStage<?>> passage) {
        synchronized (this) {
            if (passing >= most && waiting.size() >= mostWaiting) {
                return false;
            }
            waiting.add(passage);
            if (empty.isDone()) {
                empty = new CompletableFuture<>();
            }
        }
        turn();
        return true;
    }

    /** Completes when nothing passes or waits. */
    synchronized CompletionStage<@Nullable Void> empty() {
        return empty.minimalCompletionStage();
    }

    /** A loop and no recursion, however many are over at once. */
    private void turn() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            Supplier<? extends CompletionStage<?>> next = next();
            while (next != null) {
                var _ = next.get().whenComplete((done, failure) -> over());
                next = next();
            }
            seen = calls.addAndGet(-seen);
        }
    }

    private synchronized @Nullable Supplier<? extends CompletionStage<?>> next() {
        if (passing >= most) {
            return null;
        }
        Supplier<? extends CompletionStage<?>> next = waiting.poll();
        if (next != null) {
            passing++;
        }
        return next;
    }

    private void over() {
        CompletableFuture<@Nullable Void> ended = null;
        synchronized (this) {
            passing--;
            if (passing == 0 && waiting.isEmpty()) {
                ended = empty;
                empty = CompletableFuture.completedFuture(null);
            }
        }
        turn();
        if (ended != null) {
            ended.complete(null);
        }
    }
}
