package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.web.stream.GatewayEvents;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens on the stream port. */
public final class SocketMeters implements GatewayEvents {
    /** So that they are zero, not absent, until they happen. */
    private static final List<Integer> USUAL_CODES = List.of(1002, 1007, 1008, 1009);

    private static final List<Integer> USUAL_STATUSES = List.of(400, 401, 403, 404, 405, 426, 429, 503);

    private final Map<JoinRefusal, Counter> joinsRefused = new EnumMap<>(JoinRefusal.class);
    private final LongAdder open = new LongAdder();
    private final MeterRegistry registry;
    private final Counter opened;
    private final Counter joins;
    private final Counter syncs;
    private final Counter frames;
    private final Counter writes;
    private final Counter bytes;
    private final LongAdder laggingNow = new LongAdder();
    private final Counter lagged;
    private final Counter plainBytes;
    private final Counter compressedBytes;
    private final Counter unresponsive;

    SocketMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("millrace.sockets", open::sum)
                .description("Sockets open on the stream port.")
                .register(registry);
        opened = counter("sockets.opened", "Sockets that were opened on the stream port.");
        joins = counter("joins", "Subscriptions that began.");
        syncs = counter("syncs", "Snapshots sent to subscribers, and the resets before them.");
        frames = counter("frames", "Frames sent to sockets, snapshots and pings among them.");
        writes = counter("socket.writes", "Writes those frames took; several frames go in one under load.");
        bytes = Counter.builder("millrace.socket.sent")
                .description("Bytes sent to sockets.")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("millrace.sockets.lagging", laggingNow::sum)
                .description("Sockets that had no room for what their subscriptions brought, within a ping interval.")
                .register(registry);
        lagged = counter("sockets.lagged", "Times a socket began to lag.");
        plainBytes = compression("before");
        compressedBytes = compression("after");
        unresponsive = counter("sockets.unresponsive", "Sockets closed because their peer gave no sign of life.");
        USUAL_CODES.forEach(this::violations);
        USUAL_STATUSES.forEach(this::turnedAwayWith);
        for (JoinRefusal why : JoinRefusal.values()) {
            joinsRefused.put(why, refusals(why));
        }
    }

    private Counter compression(String when) {
        return Counter.builder("millrace.compression")
                .description("Bytes of frames that were compressed, once for all sockets, before and after.")
                .baseUnit("bytes")
                .tag("when", when)
                .register(registry);
    }

    private Counter turnedAwayWith(int status) {
        return Counter.builder("millrace.sockets.refused")
                .description("Requests on the stream port that were not let in, by the status they were answered with.")
                .tag("status", Integer.toString(status))
                .register(registry);
    }

    private Counter refusals(JoinRefusal why) {
        return Counter.builder("millrace.joins.refused")
                .description("Joins that were refused.")
                .tag("reason", why.name().toLowerCase(Locale.ROOT))
                .register(registry);
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
    public void lagging() {
        laggingNow.increment();
        lagged.increment();
    }

    @Override
    public void caughtUp() {
        laggingNow.decrement();
    }

    @Override
    public void compressed(int before, int after) {
        plainBytes.increment(before);
        compressedBytes.increment(after);
    }

    @Override
    public void turnedAway(int status) {
        turnedAwayWith(status).increment();
    }

    @Override
    public void joinRefused(JoinRefusal why) {
        Objects.requireNonNull(joinsRefused.get(why)).increment();
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
