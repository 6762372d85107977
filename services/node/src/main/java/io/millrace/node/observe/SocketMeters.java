package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.web.stream.GatewayEvents;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens on the stream port. */
public final class SocketMeters implements GatewayEvents {
    /** So that they are zero, not absent, until they happen. */
    private static final List<Integer> USUAL_CODES = List.of(1002, 1007, 1008, 1009);

    private final LongAdder open = new LongAdder();
    private final MeterRegistry registry;
    private final Counter opened;
    private final Counter joins;
    private final Counter syncs;
    private final Counter frames;
    private final Counter writes;
    private final Counter bytes;
    private final Counter slowReaders;
    private final Counter unresponsive;

    SocketMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("millrace.sockets", open::sum)
                .description("Sockets open on the stream port.")
                .register(registry);
        opened = counter("sockets.opened", "Sockets that were opened on the stream port.");
        joins = counter("joins", "Subscriptions that began.");
        syncs = counter("syncs", "Snapshots sent to subscribers.");
        frames = counter("frames", "Frames sent to sockets, snapshots and pings among them.");
        writes = counter("socket.writes", "Writes those frames took; several frames go in one under load.");
        bytes = Counter.builder("millrace.socket.sent")
                .description("Bytes sent to sockets.")
                .baseUnit("bytes")
                .register(registry);
        slowReaders = counter("slow.readers", "Sockets closed because they read too slowly.");
        unresponsive = counter("sockets.unresponsive", "Sockets closed because their peer gave no sign of life.");
        USUAL_CODES.forEach(this::violations);
    }

    private Counter violations(int closeCode) {
        return Counter.builder("millrace.sockets.violations")
                .description("Sockets closed because their peer broke the protocol or a limit.")
                .tag("code", Integer.toString(closeCode))
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder("millrace." + name).description(description).register(registry);
    }

    @Override
    public void opened() {
        open.increment();
        opened.increment();
    }

    @Override
    public void closed() {
        open.decrement();
    }

    @Override
    public void joined() {
        joins.increment();
    }

    @Override
    public void synced(int snapshotBytes) {
        syncs.increment();
    }

    @Override
    public void sent(int frameCount, int byteCount) {
        writes.increment();
        frames.increment(frameCount);
        bytes.increment(byteCount);
    }

    @Override
    public void slowReader() {
        slowReaders.increment();
    }

    @Override
    public void unresponsive() {
        unresponsive.increment();
    }

    @Override
    public void violation(int closeCode) {
        violations(closeCode).increment();
    }
}
