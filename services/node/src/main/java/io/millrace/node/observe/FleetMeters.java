package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.engine.fleet.FleetEvents;
import io.millrace.engine.fleet.Member;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs which nodes come and go. */
public final class FleetMeters implements FleetEvents {
    private static final Logger LOG = LoggerFactory.getLogger(FleetMeters.class);
    private static final long LOG_PAUSE_NANOS = 5_000_000_000L;

    private final Counter deaths;
    private final Counter evictions;
    private final Counter unheard;
    private final AtomicLong lastLogNanos = new AtomicLong(System.nanoTime() - LOG_PAUSE_NANOS);
    private volatile IntSupplier nodes = () -> 0;

    FleetMeters(MeterRegistry registry) {
        deaths = Counter.builder("millrace.fleet.deaths")
                .description("Times another node was taken for dead, having given no sign of life for peers.silence.")
                .register(registry);
        evictions = Counter.builder("millrace.fleet.evictions")
                .description(
                        "Memberships of dead nodes that this one ended, so that others need not wait for their sessions.")
                .register(registry);
        unheard = Counter.builder("millrace.fleet.heartbeats.failed")
                .description("Times this node could not say in the cluster topic that it lives.")
                .register(registry);
        Gauge.builder("millrace.fleet.nodes", () -> nodes.getAsInt())
                .description("Nodes that live, as far as this one knows, itself included.")
                .register(registry);
    }

    /** Asks {@code living} how many nodes live. */
    public void watch(IntSupplier living) {
        nodes = living;
    }

    @Override
    public void joined(Member member) {
        LOG.atInfo()
                .addKeyValue("node", member.node())
                .addKeyValue("address", member.address())
                .addKeyValue("store", member.store())
                .addKeyValue("edge", member.edge())
                .log("node is there");
    }

    @Override
    public void left(Member member) {
        LOG.atInfo().addKeyValue("node", member.node()).log("node has left");
    }

    @Override
    public void died(Member member) {
        deaths.increment();
        LOG.atWarn().addKeyValue("node", member.node()).log("node gives no sign of life");
    }

    @Override
    public void evicted(Member member, int memberships) {
        evictions.increment(memberships);
        LOG.atInfo()
                .addKeyValue("node", member.node())
                .addKeyValue("memberships", memberships)
                .log("dead node taken out of its groups");
    }

    @Override
    public void notEvicted(Member member, Throwable cause) {
        LOG.atWarn()
                .addKeyValue("node", member.node())
                .addKeyValue("cause", String.valueOf(cause.getMessage()))
                .log("dead node is still in its groups");
    }

    @Override
    public void unheard(Throwable cause) {
        unheard.increment();
        long nowNanos = System.nanoTime();
        long last = lastLogNanos.get();
        if (nowNanos - last >= LOG_PAUSE_NANOS && lastLogNanos.compareAndSet(last, nowNanos)) {
            LOG.atWarn()
                    .addKeyValue("cause", String.valueOf(cause.getMessage()))
                    .log("cannot say that this node lives");
        }
    }
}
