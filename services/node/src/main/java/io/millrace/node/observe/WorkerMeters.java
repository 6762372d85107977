package io.millrace.node.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.engine.worker.Worker;
import io.millrace.engine.worker.WorkerEvents;
import io.millrace.engine.worker.Workers;
import io.millrace.web.socket.SocketEvents;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** Counts what happens to workers and on their port. */
public final class WorkerMeters implements WorkerEvents, SocketEvents {
    /** So that they are zero, not absent, until they happen. */
    private static final List<Integer> USUAL_CODES = List.of(1002, 1007, 1009);

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final LongAdder connected = new LongAdder();
    private final LongAdder open = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final MeterRegistry registry;
    private final Counter connections;
    private final Counter calls;
    private final Counter failures;
    private final Timer answers;
    private final Counter ignored;
    private final Counter received;
    private final Counter receivedBytes;
    private final Counter frames;
    private final Counter writes;
    private final Counter sentBytes;
    private final Counter slowReaders;
    private final Counter unresponsive;
    private volatile IntSupplier functions = () -> 0;

    WorkerMeters(MeterRegistry registry) {
        this.registry = registry;
        gauge("workers", "Workers that are connected.", connected);
        gauge("worker.sockets", "Sockets open on the worker port, telemetry and channels included.", open);
        gauge("worker.calls.unanswered", "Calls that workers have not answered yet.", unanswered);
        Gauge.builder("millrace.worker.functions", () -> functions.getAsInt())
                .description("Functions that workers serve; one that several serve counts for each.")
                .register(registry);
        connections = counter("workers.connected", "Connections of workers that began.");
        calls = counter("worker.calls", "Calls that were passed to workers.");
        failures = counter("worker.call.failures", "Calls that a worker answered with an error, or not at all.");
        answers = Timer.builder("millrace.worker.call")
                .description("From a call's being passed to a worker to its answer.")
                .serviceLevelObjectives(
                        SHORTEST,
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        LONGEST)
                .register(registry);
        ignored = counter("worker.messages.ignored", "Messages of workers that made no sense and were ignored.");
        received = counter("worker.messages", "Messages that came from workers and channels.");
        receivedBytes = bytes("worker.received", "Bytes of those messages.");
        frames = counter("worker.frames", "Frames sent to workers and channels.");
        writes = counter("worker.writes", "Writes those frames took; several frames go in one under load.");
        sentBytes = bytes("worker.sent", "Bytes sent to workers and channels.");
        slowReaders = counter("worker.slow.readers", "Workers closed because too much waited for them.");
        unresponsive = counter("worker.unresponsive", "Workers closed because they gave no sign of life.");
        USUAL_CODES.forEach(this::violations);
    }

    /** Counts the functions of those workers. */
    public void watch(Workers watched) {
        functions = watched::functions;
    }

    private void gauge(String name, String description, LongAdder value) {
        Gauge.builder("millrace." + name, value::sum).description(description).register(registry);
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
        return Counter.builder("millrace.worker.violations")
                .description("Connections on the worker port closed because their peer broke the protocol or a limit.")
                .tag("code", Integer.toString(closeCode))
                .register(registry);
    }

    @Override
    public void connected(Worker worker) {
        connected.increment();
        connections.increment();
    }

    @Override
    public void disconnected(Worker worker) {
        connected.decrement();
    }

    @Override
    public void called() {
        calls.increment();
        unanswered.increment();
    }

    @Override
    public void answered(boolean failed, long tookNanos) {
        unanswered.decrement();
        answers.record(tookNanos, TimeUnit.NANOSECONDS);
        if (failed) {
            failures.increment();
        }
    }

    @Override
    public void ignored(String why) {
        ignored.increment();
    }

    @Override
    public void opened() {
        open.increment();
    }

    @Override
    public void closed() {
        open.decrement();
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
