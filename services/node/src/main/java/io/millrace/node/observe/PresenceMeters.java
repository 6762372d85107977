package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.engine.presence.PresenceEvents;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts who is subscribed, and what becomes of the leaves of those whose node has died. */
public final class PresenceMeters implements PresenceEvents {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceMeters.class);

    private final Counter told;
    private final Counter forgotten;
    private final Counter dropped;
    private final Counter tooLarge;
    private volatile IntSupplier entries = () -> 0;
    private volatile IntSupplier pending = () -> 0;

    PresenceMeters(MeterRegistry registry) {
        told = counter(
                registry,
                "leaves.told",
                "Leaves of those who were there when a node died, or that somebody had not taken at once, told after it.");
        forgotten = counter(registry, "leaves.forgotten", "Such leaves that nobody has wanted to be told of.");
        dropped = counter(
                registry,
                "records.dropped",
                "Records of subscriptions Kafka has not taken, each time; made good when it is back.");
        tooLarge = counter(
                registry,
                "contexts.too.large",
                "Subscriptions that are not kept for the case that this node dies, as their context is too large.");
        Gauge.builder("millrace.presence.entries", () -> entries.getAsInt())
                .description("Subscriptions of sockets of this node.")
                .register(registry);
        Gauge.builder("millrace.presence.leaves.pending", () -> pending.getAsInt())
                .description(
                        "Leaves of the dead, or that somebody has not taken at once, that this node is to tell and has told to nobody yet.")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder("millrace.presence." + name)
                .description(description)
                .register(registry);
    }

    /** Shows these numbers from now on: of subscriptions, and of leaves that wait. */
    public void watch(IntSupplier newEntries, IntSupplier newPending) {
        entries = newEntries;
        pending = newPending;
    }

    @Override
    public void dropped() {
        dropped.increment();
    }

    @Override
    public void tooLarge() {
        tooLarge.increment();
    }

    @Override
    public void told() {
        told.increment();
    }

    @Override
    public void forgotten() {
        forgotten.increment();
    }

    @Override
    public void unread(Throwable failure) {
        LOG.atWarn().setCause(failure).log("subscriptions from before the start cannot be read yet");
    }
}
