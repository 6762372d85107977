package io.millrace.node.run;

import io.millrace.kafka.Alarm;
import io.millrace.kafka.EmbeddedBroker;
import io.millrace.kafka.KafkaBackend;
import io.millrace.node.config.LogFormat;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.Health;
import io.millrace.node.observe.Logging;
import io.millrace.node.observe.Meters;
import io.millrace.web.admin.AdminServer;
import io.millrace.web.admin.HealthServer;
import io.millrace.web.stream.StreamGateway;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: the composition root. Opened in order, closed in reverse, by the language. */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    /** Longer than partitions usually need to move. */
    private static final Duration TAKEOVER = Duration.ofSeconds(10);

    private Node() {}

    /**
     * Runs a node until it is told to stop.
     *
     * @param out gets what a person wants to see at the start
     * @return the exit code
     * @throws StartException if something outside keeps it from starting
     */
    public static int run(NodeConfig config, PrintWriter out) throws InterruptedException {
        long startNs = System.nanoTime();
        Logging.configure(config.home().logFormat(), config.home().logLevel());
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> LOG.atError()
                .setCause(failure)
                .addKeyValue("thread", thread.getName())
                .log("thread ended by a bug"));
        Health health = new Health(System::nanoTime);
        try (Termination termination = Termination.onSignal(
                        config.home().shutdownTimeout().plus(config.fleet().drain()));
                DataFolder folder = DataFolder.open(config.home().dataFolder());
                Meters meters = new Meters();
                EmbeddedBroker broker = broker(config, folder);
                KafkaBackend kafka = KafkaBackend.connect(
                        KafkaParts.backend(config, nodeId(config, folder), folder, broker),
                        alarm -> raise(alarm, health));
                FleetParts fleet = new FleetParts(config, nodeId(config, folder), kafka, meters);
                Spine spine = new Spine(
                        config,
                        kafka,
                        fleet,
                        meters,
                        StreamGateway.encoder(WebParts.compression(config), meters.sockets()));
                SurfaceParts surface = new SurfaceParts(config, spine.scheduler(), meters.surface())) {
            health.readyWhen("kafka", TAKEOVER, () -> kafka(kafka));
            health.readyWhen("partitions", TAKEOVER, spine::partitions);
            health.readyWhen("process", () -> process(termination));
            meters.bindJvm();
            Programs programs = new Programs(spine, fleet, surface.endpoints(), WorkerParts.limits(config));
            Runnable offered = () -> {
                surface.add(programs, health);
                programs.start();
            };
            if (!config.fleet().isEdge()) {
                offered.run();
            }
            // The other half is for what comes then: sockets, groups, partitions.
            LastCalls lastCalls = new LastCalls(config.home().shutdownTimeout().dividedBy(2), System::nanoTime);
            EdgeParts.Foundation foundation = new EdgeParts.Foundation(
                    config, fleet, kafka, spine, programs, surface, meters, lastCalls, offered);
            try (EdgeParts edge = config.fleet().isEdge() ? EdgeParts.open(foundation) : null;
                    AdminServer admin = AdminServer.open(
                            WebParts.admin(config),
                            spine.functions(),
                            new Observations(health, meters),
                            InstantSource.system(),
                            lastCalls);
                    HealthServer _ = WebParts.health(config, new Observations(health, meters))) {
                fleet.open(spine.scheduler());
                // Only now, with the ports had: a node that cannot start should not make the others move partitions.
                if (edge != null) {
                    edge.start(fleet.roster());
                }
                fleet.start();
                spine.start(fleet.roster()::isReplaced);
                meters.bindKafka(kafka.streams(), kafka::clientMetrics);
                if (awaitReady(health, termination)) {
                    Duration took = Duration.ofNanos(System.nanoTime() - startNs);
                    greet(config, places(config, folder, broker, kafka, admin, edge), took, out);
                }
                int exitCode = termination.asked().join();
                LOG.atInfo().log("node stops");
                fleet.drain();
                programs.reach().leaving();
                // Serves on for a while, so that nobody new is sent here.
                Thread.sleep(config.fleet().drain());
                if (edge != null) {
                    edge.stopping();
                }
                return exitCode;
            }
        }
    }

    private static Places places(
            NodeConfig config,
            DataFolder folder,
            @Nullable EmbeddedBroker broker,
            KafkaBackend kafka,
            AdminServer admin,
            @Nullable EdgeParts edge) {
        return new Places(
                edge == null
                        ? Optional.empty()
                        : Optional.of(new Places.Edge(edge.gatewayPort(), edge.workersPort(), edge.httpPort())),
                admin.port(),
                broker == null ? String.join(",", config.broker().bootstrap()) : broker.bootstrapServers(),
                kafka.clusterId(),
                nodeId(config, folder));
    }

    private static void greet(NodeConfig config, Places places, Duration took, PrintWriter out) {
        LOG.atInfo()
                .addKeyValue("tookMs", took.toMillis())
                .addKeyValue("node", places.nodeId())
                .addKeyValue("cluster", places.clusterId())
                .addKeyValue("adminPort", places.adminPort())
                .log("node is up");
        if (config.home().logFormat() == LogFormat.TEXT) {
            out.println(Greeting.of(config, places, took));
            out.flush();
        }
    }

    /** Waits until everything is served. Returns false when it is to stop before. */
    private static boolean awaitReady(Health health, Termination termination) throws InterruptedException {
        while (!health.ready().good()) {
            if (termination.askedWithin(LOOK_AGAIN)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable EmbeddedBroker broker(NodeConfig config, DataFolder folder) {
        return config.broker().isEmbedded() ? EmbeddedBroker.start(KafkaParts.broker(config.broker(), folder)) : null;
    }

    private static String nodeId(NodeConfig config, DataFolder folder) {
        return folder.nodeId(
                config.home().nodeId(),
                () -> "node-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private static Health.Check kafka(KafkaBackend kafka) {
        io.millrace.kafka.Health seen = kafka.health();
        return new Health.Check(seen.ready(), seen.description());
    }

    private static Health.Check process(Termination termination) {
        boolean stopping = termination.asked().isDone();
        return new Health.Check(!stopping, stopping ? "stopping" : "running");
    }

    private static void raise(Alarm alarm, Health health) {
        boolean fatal = alarm instanceof Alarm.StoreFailed failed && !failed.recovering();
        LOG.atError().addKeyValue("alarm", alarm.message()).log("somebody has to look");
        health.alarm(alarm.message(), fatal);
    }
}
