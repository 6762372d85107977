package io.millrace.web.peer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after the other on whatever threads there are. Begins when it is told to. Thread-safe. */
final class InOrder implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(InOrder.class);

    private final Executor threads;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    /** Held is as good as running: nobody else starts it. */
    private boolean running = true;

    InOrder(Executor threads) {
        this.threads = threads;
    }

    /** Begins, with this task. */
    void begin(Runnable first) {
        threads.execute(() -> {
            run(first);
            drain();
        });
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        threads.execute(this::drain);
    }

    private void drain() {
        while (true) {
            Runnable next;
            synchronized (tasks) {
                next = tasks.poll();
                if (next == null) {
                    running = false;
                    return;
                }
            }
            run(next);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("message of another node met a bug");
        }
    }
}
