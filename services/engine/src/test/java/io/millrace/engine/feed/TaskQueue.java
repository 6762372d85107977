package io.millrace.engine.feed;

import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/**
 * All threads of a simulated world: executors that run one task at a time, loose tasks in any order, and timers on a clock
 * that moves only when there is nothing else to do. What comes next is drawn from a seed.
 */
final class TaskQueue implements Scheduler {
    private final SplittableRandom random;
    private final List<Queue<Runnable>> executors = new ArrayList<>();
    private final List<Runnable> loose = new ArrayList<>();
    private final List<Timer> timers = new ArrayList<>();
    private long nowMs = 1_700_000_000_000L;

    TaskQueue(SplittableRandom random) {
        this.random = random;
    }

    /** Runs its tasks in order. */
    Executor executor() {
        Queue<Runnable> queue = new ArrayDeque<>();
        executors.add(queue);
        return queue::add;
    }

    /** Runs whenever it likes. */
    void loose(Runnable task) {
        loose.add(task);
    }

    long nowMs() {
        return nowMs;
    }

    void pass(Duration time) {
        nowMs += time.toMillis();
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        Timer timer = new Timer(nowMs + delay.toMillis(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    int timers() {
        return timers.size();
    }

    /** Runs one task that may run now. Says whether there was one. */
    boolean step() {
        List<Queue<Runnable>> busy =
                executors.stream().filter(queue -> !queue.isEmpty()).toList();
        int choices = busy.size() + (loose.isEmpty() ? 0 : 1);
        if (choices == 0) {
            return false;
        }
        int choice = random.nextInt(choices);
        if (choice < busy.size()) {
            busy.get(choice).remove().run();
        } else {
            loose.remove(random.nextInt(loose.size())).run();
        }
        return true;
    }

    /** Runs everything that may run now. */
    void settle() {
        while (step()) {}
    }

    /** Does so if it is due within a time, or there is nothing else to do. */
    void nextTimer(Duration within) {
        boolean busy = !loose.isEmpty() || executors.stream().anyMatch(queue -> !queue.isEmpty());
        if (!busy || timers.stream().anyMatch(timer -> timer.atMs <= nowMs + within.toMillis())) {
            nextTimer();
        }
    }

    /** Moves the clock to the next timer and lets it run. Says whether there was one. */
    boolean nextTimer() {
        if (timers.isEmpty()) {
            return false;
        }
        Timer next = timers.getFirst();
        for (Timer timer : timers) {
            next = timer.atMs < next.atMs ? timer : next;
        }
        timers.remove(next);
        nowMs = Math.max(nowMs, next.atMs);
        loose(next.task);
        return true;
    }

    /** Runs everything, timers too. */
    void finish() {
        do {
            settle();
        } while (nextTimer());
    }

    private record Timer(long atMs, Runnable task) {}
}
