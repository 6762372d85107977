package io.millrace.engine.deliver;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after another, in order, without a thread of its own: whoever comes while nobody is at it runs what there
 * is, and nobody waits. So what the tasks touch needs no lock.
 */
public final class Turns implements Executor {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        if (pending.getAndIncrement() == 0) {
            RuntimeException failure = null;
            do {
                try {
                    var next = waiting.remove();
                    next.run();
                } catch (RuntimeException e) {
                    // The others must not wait for ever.
                    failure = e;
                }
            } while (pending.decrementAndGet() != 0);
            if (failure != null) {
                throw failure;
            }
        }
    }
}
