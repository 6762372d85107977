package io.millrace.node.run;

import io.millrace.engine.fleet.Roster;
import io.millrace.kafka.KafkaBackend;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.Meters;
import io.millrace.web.stream.StreamGateway;
import io.millrace.web.worker.WorkerServer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What programs and their users connect to: workers, HTTP requests, stream clients; and what calls workers by itself. */
final class EdgeParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeParts.class);
    private static final long LOOK_AGAIN_MS = 20;

    /** Opened in order, closed in reverse. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final GateParts gate;
    private final QueueParts queues;
    private final WorkerServer workers;
    private final HttpParts http;
    private final StreamGateway gateway;

    private EdgeParts(Foundation on) {
        try {
            NodeConfig config = on.config();
            Programs programs = on.programs();
            this.gate = GateParts.open(config, on.fleet(), on.kafka(), on.spine(), programs, on.meters());
            ExecutorService turns = opened(Executors.newVirtualThreadPerTaskExecutor());
            TriggerParts triggers = TriggerParts.open(
                    config, on.kafka(), on.spine(), programs, turns, on.meters().deliveries());
            this.queues = QueueParts.open(config, on.fleet(), on.kafka(), on.spine(), programs, on.meters());
            on.offered().run();
            // The workers' port goes last, so that workers are told who leaves, and answer what is under way: what they
            // are called with by triggers and queues would count as failed otherwise.
            this.workers =
                    opened(WorkerParts.open(config, programs, on.surface().telemetry(), on.meters()));
            opened.push(() -> awaitLastCalls(programs, on.lastCalls()));
            opened.push(triggers);
            opened.push(queues);
            opened.push(gate);
            this.http = opened(HttpParts.open(
                    config, programs, on.spine().scheduler(), on.meters().http(), on.lastCalls()));
            this.gateway = opened(StreamGateway.open(
                    WebParts.gateway(config),
                    on.spine().feeds(),
                    gate.gate(),
                    on.meters().sockets()));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * What they stand on.
     *
     * @param lastCalls how long calls under way may take when the node stops
     * @param offered called once all that programs may register for is there, but for the http triggers
     */
    record Foundation(
            NodeConfig config,
            FleetParts fleet,
            KafkaBackend kafka,
            Spine spine,
            Programs programs,
            SurfaceParts surface,
            Meters meters,
            LastCalls lastCalls,
            Runnable offered) {}

    /** Opens the ports. Nothing is called yet. */
    static EdgeParts open(Foundation on) {
        return new EdgeParts(on);
    }

    /** Begins to call workers. The roster is about to find the others. */
    void start(Roster roster) {
        queues.start();
        gate.start(roster);
    }

    /** The sockets are about to be closed. */
    void stopping() {
        gate.stopping();
    }

    int gatewayPort() {
        return gateway.port();
    }

    int workersPort() {
        return workers.port();
    }

    int httpPort() {
        return http.port();
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    /** What workers are being called with, by other nodes too, is to be answered before they are told to go. */
    private static void awaitLastCalls(Programs programs, LastCalls lastCalls) {
        long deadlineNs = System.nanoTime() + lastCalls.get().toNanos();
        try {
            while (programs.workers().inFlight() > 0 && System.nanoTime() - deadlineNs < 0) {
                Thread.sleep(LOOK_AGAIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("closing failed");
            }
        }
    }
}
