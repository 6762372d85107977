package io.millrace.engine;

import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.TreeSet;

/** A clock that only moves when it is told to, and what is to be done later by it. */
public final class ManualTime implements Scheduler, InstantSource {
    private final TreeSet<Timer> timers =
            new TreeSet<>(Comparator.comparing(Timer::due).thenComparingLong(Timer::number));
    private Instant now;
    private long given;

    private record Timer(Instant due, long number, Runnable task) {}

    public ManualTime(Instant now) {
        this.now = now;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized Scheduled after(Duration delay, Runnable task) {
        Timer timer = new Timer(now.plus(delay), given++, task);
        timers.add(timer);
        return () -> {
            synchronized (this) {
                timers.remove(timer);
            }
        };
    }

    /** Lets time pass, and what is due meanwhile be done in order. */
    public void pass(Duration time) {
        Instant until = now.plus(time);
        while (!timers.isEmpty() && !timers.first().due().isAfter(until)) {
            Timer next = timers.removeFirst();
            now = next.due().isAfter(now) ? next.due() : now;
            next.task().run();
        }
        now = until;
    }
}
