package io.millrace.engine.deliver;

import io.millrace.engine.port.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes when it is told to. */
final class ManualTime implements Scheduler, InstantSource {
    private final List<Timer> timers = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    private record Timer(Instant at, Runnable task) {}

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public Scheduled after(Duration delay, Runnable task) {
        Timer timer = new Timer(now.plus(delay), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    void pass(Duration time) {
        Instant end = now.plus(time);
        while (true) {
            Timer next = timers.stream().min(Comparator.comparing(Timer::at)).orElse(null);
            if (next == null || next.at().isAfter(end)) {
                break;
            }
            timers.remove(next);
            now = next.at();
            next.task().run();
        }
        now = end;
    }
}
