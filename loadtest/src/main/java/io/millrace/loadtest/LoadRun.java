package io.millrace.loadtest;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Puts a load on a target from the calling thread, and measures. Knows nothing of what the target is. */
final class LoadRun {
    private final WriteTarget target;
    private final Workload workload;

    LoadRun(WriteTarget target, Workload workload) {
        this.target = target;
        this.workload = workload;
    }

    /**
     * Runs once: warm-up, window, and until everything is answered.
     *
     * @throws IllegalStateException if a write fails or is not answered
     */
    Measured measure(Load load) {
        Workload.Draws draws = workload.draws();
        long startNs = System.nanoTime();
        long fromNs = startNs + load.warmUp().toNanos();
        long toNs = fromNs + load.window().toNanos();
        Answers answers = new Answers(fromNs, toNs);
        long sent = switch (load) {
            case Load.Open open -> open(open, draws, startNs, toNs, answers);
            case Load.Closed closed -> closed(closed, draws, toNs, answers);
        };
        answers.await(sent);
        return new Measured(target.name(), load, answers.latencies(), answers.inWindow(), load.window());
    }

    private long open(Load.Open load, Workload.Draws draws, long startNs, long toNs, Answers answers) {
        long sent = 0;
        while (true) {
            long dueNs = startNs + sent * 1_000_000_000 / load.perSecond();
            if (dueNs - toNs >= 0) {
                return sent;
            }
            long waitNs = dueNs - System.nanoTime();
            while (waitNs > 0) {
                LockSupport.parkNanos(waitNs);
                waitNs = dueNs - System.nanoTime();
            }
            answers.check();
            target.submit(draws.key(), draws.value())
                    .whenComplete((ignored, failure) -> answers.answered(dueNs, failure));
            sent++;
        }
    }

    private long closed(Load.Closed load, Workload.Draws draws, long toNs, Answers answers) {
        Semaphore free = new Semaphore(load.inFlight());
        long sent = 0;
        while (true) {
            free.acquireUninterruptibly();
            answers.check();
            long nowNs = System.nanoTime();
            if (nowNs - toNs >= 0) {
                return sent;
            }
            target.submit(draws.key(), draws.value()).whenComplete((ignored, failure) -> {
                answers.answered(nowNs, failure);
                free.release();
            });
            sent++;
        }
    }
}
