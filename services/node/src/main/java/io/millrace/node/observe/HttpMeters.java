package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.web.http.HttpEvents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Counts what happens on the port of the http triggers. */
public final class HttpMeters implements HttpEvents {
    private final LongAdder open = new LongAdder();
    /** By the first digit of the status, from 2. */
    private final List<Counter> answers;

    private final Timer took;
    private final Counter stalled;

    HttpMeters(MeterRegistry registry) {
        Gauge.builder("millrace.http.requests", open::sum)
                .description("HTTP requests under way, answers that are being sent among them.")
                .register(registry);
        answers = IntStream.rangeClosed(2, 5)
                .mapToObj(digit -> Counter.builder("millrace.http.answers")
                        .description("HTTP requests answered, by the class of the status.")
                        .tag("status", digit + "xx")
                        .register(registry))
                .toList();
        took = Timer.builder("millrace.http.answer")
                .description("From an HTTP request's head to the beginning of its answer.")
                .serviceLevelObjectives(LongStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 30_000)
                        .mapToObj(Duration::ofMillis)
                        .toArray(Duration[]::new))
                .register(registry);
        stalled = Counter.builder("millrace.http.stalled")
                .description("HTTP clients cut off because they took nothing of their answer for a minute.")
                .register(registry);
    }

    @Override
    public void begun() {
        open.increment();
    }

    @Override
    public void answered(int status, long tookNanos) {
        answers.get(Math.clamp(status / 100, 2, 5) - 2).increment();
        took.record(tookNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void ended() {
        open.decrement();
    }

    @Override
    public void stalled() {
        stalled.increment();
    }
}
