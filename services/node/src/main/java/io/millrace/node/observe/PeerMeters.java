package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.web.peer.PeerEvents;
import io.millrace.web.peer.PeerLinks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts what happens between this node and others. */
public final class PeerMeters implements PeerEvents {
    /** So that they are zero, not absent, until they happen. */
    private static final List<Integer> USUAL_CODES = List.of(1002, 1009);

    private final LongAdder open = new LongAdder();
    private final MeterRegistry registry;
    private final Counter connected;
    private final Counter lost;
    private final Counter unreachable;
    private final Counter refused;
    private final Counter asked;
    private final Counter failed;
    private final Counter unanswered;
    private final Timer answers;
    private final Counter received;
    private final Counter receivedBytes;
    private final Counter frames;
    private final Counter writes;
    private final Counter sentBytes;
    private final Counter unresponsive;
    private final Counter overfull;
    private volatile LongSupplier unsent = () -> 0;

    PeerMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("millrace.peers", open::sum)
                .description("Other nodes that are connected.")
                .register(registry);
        Gauge.builder("millrace.peer.queue", () -> unsent.getAsLong())
                .description("Bytes that wait to be sent to other nodes.")
                .baseUnit("bytes")
                .register(registry);
        connected = counter("peers.connected", "Connections to other nodes that came about.");
        lost = counter("peers.lost", "Connections to other nodes that ended.");
        unreachable = counter("peers.unreachable", "Times another node could not be connected to.");
        refused =
                counter("peers.refused", "Connections on which the two ends did not come together; the log says why.");
        asked = counter("peer.questions", "Questions sent to other nodes.");
        failed = counter("peer.question.failures", "Questions another node answered with a failure.");
        unanswered =
                counter("peer.questions.unanswered", "Questions no answer came to: no room, no time or no connection.");
        answers = Timer.builder("millrace.peer.question")
                .description("From a question to another node to its answer.")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))
                .register(registry);
        received = counter("peer.messages", "Messages that came from other nodes.");
        receivedBytes = bytes("peer.received", "Bytes of those messages.");
        frames = counter("peer.frames", "Frames sent to other nodes.");
        writes = counter("peer.writes", "Writes those frames took; several frames go in one under load.");
        sentBytes = bytes("peer.sent", "Bytes sent to other nodes.");
        unresponsive =
                counter("peers.unresponsive", "Connections given up because the other node gave no sign of life.");
        overfull = counter("peers.overfull", "Connections given up because too much waited for the other node.");
        USUAL_CODES.forEach(this::violations);
    }

    /** Measures those links. */
    public void watch(PeerLinks links) {
        unsent = links::unsentBytes;
    }

    private Counter counter(String name, String description) {
        return Counter.builder("millrace." + name).description(description).register(registry);
    }

    private Counter bytes(String name, String description) {
        return Counter.builder("millrace." + name)
                .description(description)
                .baseUnit("bytes")
                .register(registry);
    }

    private Counter violations(int closeCode) {
        return Counter.builder("millrace.peers.violations")
                .description("Connections on the peer port closed because the other end broke the protocol or a limit.")
                .tag("code", Integer.toString(closeCode))
                .register(registry);
    }

    @Override
    public void up() {
        open.increment();
        connected.increment();
    }

    @Override
    public void down() {
        open.decrement();
        lost.increment();
    }

    @Override
    public void unreachable() {
        unreachable.increment();
    }

    @Override
    public void refused() {
        refused.increment();
    }

    @Override
    public void asked() {
        asked.increment();
    }

    @Override
    public void answered(boolean withFailure, long tookNanos) {
        answers.record(tookNanos, TimeUnit.NANOSECONDS);
        if (withFailure) {
            failed.increment();
        }
    }

    @Override
    public void unanswered() {
        unanswered.increment();
    }

    @Override
    public void received(int bytes) {
        received.increment();
        receivedBytes.increment(bytes);
    }

    @Override
    public void sent(int frameCount, int byteCount) {
        writes.increment();
        frames.increment(frameCount);
        sentBytes.increment(byteCount);
    }

    @Override
    public void slowReader() {
        overfull.increment();
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
