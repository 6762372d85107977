package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.web.endpoint.EndpointEvents;
import io.millrace.web.telemetry.TelemetryEvents;
import java.util.List;

/** Counts telemetry of programs, calls of HTTP endpoints, and what triggers on the engine itself have missed. */
public final class SurfaceMeters implements TelemetryEvents, EndpointEvents {
    private final MeterRegistry registry;
    private final Counter garbled;
    private final Counter forwarded;
    private final Counter lost;
    private final Counter missed;

    SurfaceMeters(MeterRegistry registry) {
        this.registry = registry;
        garbled = counter("telemetry.garbled", "Telemetry frames that made no sense.");
        forwarded = counter("telemetry.forwarded", "Telemetry frames that have reached the OTLP endpoint.");
        lost = counter("telemetry.lost", "Telemetry frames that will not reach the OTLP endpoint.");
        missed = counter("triggers.missed", "Events that functions of log and engine triggers were too busy for.");
        // So that they are zero, not absent, until they happen.
        List.of("traces", "metrics", "logs").forEach(this::frames);
        List.of("ok", "failed").forEach(this::calls);
    }

    private Counter counter(String name, String description) {
        return Counter.builder("millrace." + name).description(description).register(registry);
    }

    private Counter frames(String kind) {
        return Counter.builder("millrace.telemetry.frames")
                .description("Telemetry frames of programs.")
                .tag("kind", kind)
                .register(registry);
    }

    private Counter calls(String outcome) {
        return Counter.builder("millrace.endpoint.calls")
                .description("Calls of functions that are HTTP endpoints.")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void taken(String kind) {
        frames(kind).increment();
    }

    @Override
    public void garbled() {
        garbled.increment();
    }

    @Override
    public void forwarded() {
        forwarded.increment();
    }

    @Override
    public void lost() {
        lost.increment();
    }

    @Override
    public void answered(boolean failed) {
        calls(failed ? "failed" : "ok").increment();
    }

    /** A function that a trigger calls had too much to do. */
    public void missed() {
        missed.increment();
    }
}
