package io.millrace.kafka;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.server.ServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker, with its controller, in this process: one node, one replica. What is in its folder survives
 * restarts and crashes of the process; a crash of the machine may cost what the operating system had not written yet.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final FolderLock lock;
    private final ControllerServer controller;
    private final BrokerServer broker;
    private final EmbeddedBrokerConfig config;
    private final String clusterId;

    private EmbeddedBroker(EmbeddedBrokerConfig config, Map<String, String> more, FolderLock lock) {
        this.config = config;
        this.lock = lock;
        Properties all = BrokerSettings.of(config);
        all.putAll(more);
        KafkaConfig settings = KafkaConfig.fromProps(all, false);
        scala.Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> folder =
                KafkaRaftServer.initializeLogDirs(settings, LOG, "");
        this.clusterId = folder._1().clusterId().orElseThrow();
        Metrics metrics = Server.initializeMetrics(settings, Time.SYSTEM, clusterId);
        // KafkaRaftServer does the same, but wants to know the controller's port before anybody listens on it.
        CompletableFuture<Map<Integer, InetSocketAddress>> voters = new CompletableFuture<>();
        SharedServer shared = new SharedServer(
                settings,
                folder._1(),
                Time.SYSTEM,
                metrics,
                voters,
                List.of(),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        this.broker = new BrokerServer(shared);
        this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), folder._2());
        var _ = controller
                .socketServerFirstBoundPortFuture()
                .thenAccept(port -> voters.complete(Map.of(
                        BrokerFolder.NODE_ID, InetSocketAddress.createUnresolved(BrokerSettings.LOOPBACK, port))));
    }

    /**
     * Starts a broker; when this returns, clients are served.
     *
     * @throws RefusedStartException if the port is taken, or the folder is not writable, not ours or in use
     */
    public static EmbeddedBroker start(EmbeddedBrokerConfig config) {
        return start(config, Map.of());
    }

    /** The same, with settings beside ours, which override ours. */
    static EmbeddedBroker start(EmbeddedBrokerConfig config, Map<String, String> more) {
        long startNs = System.nanoTime();
        FolderLock lock = FolderLock.of(config.folder());
        try {
            BrokerFolder.prepare(config.folder());
            refuseTakenPort(config);
            EmbeddedBroker broker = new EmbeddedBroker(config, more, lock);
            broker.startUp();
            LOG.atInfo()
                    .addKeyValue("bootstrap", broker.bootstrapServers())
                    .addKeyValue("cluster", broker.clusterId)
                    .addKeyValue("folder", config.folder())
                    .addKeyValue("tookMs", (System.nanoTime() - startNs) / 1_000_000)
                    .log("embedded broker started");
            return broker;
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private void startUp() {
        BrokerHalt.explain(config.folder());
        try {
            controller.startup();
            broker.startup();
        } catch (RuntimeException e) {
            shutDown();
            if (isOf(e, BindException.class)) {
                throw taken(config, e);
            }
            throw new RefusedStartException(
                    "embedded broker in " + config.folder() + " does not start (" + e.getMessage()
                            + "): see the log above",
                    e);
        }
    }

    /** Finds out before anything is started; the broker itself would only find out half-way. */
    private static void refuseTakenPort(EmbeddedBrokerConfig config) {
        if (config.port() == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(config.bindHost()), config.port()));
        } catch (IOException e) {
            throw taken(config, e);
        }
    }

    private static RefusedStartException taken(EmbeddedBrokerConfig config, Exception cause) {
        return new RefusedStartException(
                "embedded broker cannot listen on " + config.bindHost() + ":" + config.port() + " ("
                        + cause.getMessage() + "): stop whatever uses that port or configure another",
                cause);
    }

    private static boolean isOf(@Nullable Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    /** Host and port for clients. */
    public String bootstrapServers() {
        return config.advertisedHost() + ":" + port();
    }

    /** The port clients connect to, also when any free one was asked for. */
    public int port() {
        return broker.boundPort(new ListenerName(BrokerSettings.CLIENTS));
    }

    /** The id that is in the folder. */
    public String clusterId() {
        return clusterId;
    }

    /** Stops the broker in order. What it holds is still there when it is started again. */
    @Override
    public void close() {
        try {
            shutDown();
        } finally {
            lock.close();
        }
    }

    private void shutDown() {
        // The broker first: it says good-bye to the controller.
        broker.shutdown();
        controller.shutdown();
    }
}
