package io.millrace.node.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.engine.route.Kind;
import io.millrace.engine.route.RouteEvents;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what is asked of the owners at other nodes. */
public final class RouteMeters implements RouteEvents {
    private final Map<Kind, Map<Outcome, Timer>> asked = new EnumMap<>(Kind.class);

    RouteMeters(MeterRegistry registry) {
        for (Kind kind : Kind.values()) {
            Map<Outcome, Timer> outcomes = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                outcomes.put(
                        outcome,
                        Timer.builder("millrace.routed")
                                .description("What was asked of owners at other nodes, and how long the answer took.")
                                .tag("kind", kind.kind())
                                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                                .register(registry));
            }
            asked.put(kind, outcomes);
        }
    }

    @Override
    public void asked(Kind kind, Outcome outcome, Duration took) {
        Map<Outcome, Timer> outcomes = asked.get(kind);
        Timer timer = outcomes == null ? null : outcomes.get(outcome);
        if (timer != null) {
            timer.record(took);
        }
    }
}
