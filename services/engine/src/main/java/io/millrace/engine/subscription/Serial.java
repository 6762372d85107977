package io.millrace.engine.subscription;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs tasks one after another, in order, on threads of an executor and never on the caller's. */
public final class Serial implements Executor {
    private final Executor executor;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    /** Runs them on {@code executor}. */
    public Serial(Executor executor) {
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        if (pending.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
    }

    private void drain() {
        boolean more;
        do {
            boolean sound = false;
            try {
                waiting.remove().run();
                sound = true;
            } finally {
                more = pending.decrementAndGet() != 0;
                if (more && !sound) {
                    // What failed ends this thread; those behind it get another.
                    executor.execute(this::drain);
                }
            }
        } while (more);
    }
}
