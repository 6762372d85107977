package io.millrace.testkit;

import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** One thread, one clock, one source of chance: the same seed is the same run. */
public final class Simulation {
    private static final long START_MICROS = 1_700_000_000_000_000L;

    private final SplittableRandom random;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final List<Runnable> invariants = new ArrayList<>();
    private long nowMicros = START_MICROS;
    private long sequence;

    /** A world of its own. */
    public Simulation(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The only source of chance. */
    public SplittableRandom random() {
        return random;
    }

    /** True once in {@code n} times. */
    public boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** Runs {@code task} after so long. Tasks of the same time run in the order they were given. */
    public void after(long micros, Runnable task) {
        tasks.add(new Task(nowMicros + Math.max(0, micros), sequence++, task));
    }

    /** Runs {@code task} after some time up to so long. */
    public void soon(long atMostMicros, Runnable task) {
        after(random.nextLong(atMostMicros + 1), task);
    }

    /** Checked after every task. */
    public void always(Runnable invariant) {
        invariants.add(invariant);
    }

    /** Runs for so long. */
    public void run(long micros) {
        long endMicros = nowMicros + micros;
        while (!tasks.isEmpty() && tasks.peek().atMicros() <= endMicros) {
            Task task = tasks.remove();
            nowMicros = task.atMicros();
            task.action().run();
            invariants.forEach(Runnable::run);
        }
        nowMicros = Math.max(nowMicros, endMicros);
    }

    /** Runs until a stage has come to something, for who can do nothing but wait for it; in the middle of a task, too. */
    public <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> awaited = stage.toCompletableFuture();
        while (!awaited.isDone() && !tasks.isEmpty()) {
            Task task = tasks.remove();
            nowMicros = task.atMicros();
            task.action().run();
            invariants.forEach(Runnable::run);
        }
        return awaited.join();
    }

    /** The clock of this world. */
    public MicroClock clock() {
        return () -> nowMicros;
    }

    /** The scheduler of this world. */
    public Scheduler scheduler() {
        return (delay, task) -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            after(delay.toNanos() / 1_000, () -> {
                if (!cancelled.get()) {
                    task.run();
                }
            });
            return () -> cancelled.set(true);
        };
    }

    /** Microseconds since 1970. */
    public long nowMicros() {
        return nowMicros;
    }

    private record Task(long atMicros, long sequence, Runnable action) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime == 0 ? Long.compare(sequence, other.sequence) : byTime;
        }
    }
}
