package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.gate.GateEvents;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what happens at the gate of the stream port, and logs now and then why. */
public final class GateMeters implements GateEvents {
    private static final Logger LOG = LoggerFactory.getLogger(GateMeters.class);

    /** However many sockets come while a function is away, the log stays readable. */
    private static final long LOG_PAUSE_NANOS = 1_000_000_000;

    private final Counter arrivalsAdmitted;
    private final Counter arrivalsRefused;
    private final Counter joinsAdmitted;
    private final Counter joinsRefused;
    private final Counter failures;
    private final Counter leavesDropped;
    private final AtomicLong lastLogNanos = new AtomicLong(System.nanoTime() - LOG_PAUSE_NANOS);

    GateMeters(MeterRegistry registry) {
        arrivalsAdmitted = arrivals(registry, "admitted");
        arrivalsRefused = arrivals(registry, "refused");
        joinsAdmitted = joins(registry, "admitted");
        joinsRefused = joins(registry, "refused");
        failures = Counter.builder("millrace.gate.failures")
                .description("Times an auth, join or leave function failed, was missing or took too long.")
                .register(registry);
        leavesDropped = Counter.builder("millrace.gate.leaves.dropped")
                .description("Leaves nobody was told of: too many waited.")
                .register(registry);
    }

    private static Counter arrivals(MeterRegistry registry, String answer) {
        return Counter.builder("millrace.gate.arrivals")
                .description("Sockets the auth function was asked about, by what came of it.")
                .tag("answer", answer)
                .register(registry);
    }

    private static Counter joins(MeterRegistry registry, String answer) {
        return Counter.builder("millrace.gate.joins")
                .description("Subscriptions join functions were asked about, by what came of it.")
                .tag("answer", answer)
                .register(registry);
    }

    @Override
    public void arrived(boolean admitted) {
        (admitted ? arrivalsAdmitted : arrivalsRefused).increment();
    }

    @Override
    public void joined(boolean admitted) {
        (admitted ? joinsAdmitted : joinsRefused).increment();
    }

    @Override
    public void failed(String functionId, Outcome.Failure failure) {
        failures.increment();
        long nowNanos = System.nanoTime();
        long last = lastLogNanos.get();
        if (nowNanos - last >= LOG_PAUSE_NANOS && lastLogNanos.compareAndSet(last, nowNanos)) {
            LOG.atWarn()
                    .addKeyValue("function", functionId)
                    .addKeyValue("code", failure.code())
                    .log("function at the gate gave no answer");
        }
    }

    @Override
    public void leaveDropped() {
        leavesDropped.increment();
    }
}
