package io.millrace.node.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How one node is to be, checked. Every component says in {@code millrace config} what it is for, its unit and bounds.
 */
public record NodeConfig(
        Home home,
        Broker broker,
        Store store,
        Writer writer,
        Limits limits,
        Gateway gateway,
        Feed feed,
        Telemetry telemetry,
        Endpoints endpoints,
        Workers workers,
        Http http,
        QueueConfig queues,
        Triggers triggers,
        FleetConfig fleet,
        Admin admin,
        Duration callDeadline) {

    /** The process itself and where it lives. */
    public record Home(
            Path dataFolder,
            Optional<String> nodeId,
            Duration shutdownTimeout,
            LogFormat logFormat,
            LogLevel logLevel) {}

    /**
     * The cluster.
     *
     * @param bootstrap {@code host:port} of some brokers; empty for the broker inside
     * @param partitions of each change topic; empty: as many as there are, or as suit the replication
     * @param clientProperties for every Kafka client, under Kafka's own names
     */
    public record Broker(
            List<String> bootstrap,
            String embeddedHost,
            int embeddedPort,
            String topicPrefix,
            OptionalInt partitions,
            int replication,
            Duration history,
            Duration callTimeout,
            Map<String, String> clientProperties) {
        /** Whether the broker runs inside this process. */
        public boolean isEmbedded() {
            return bootstrap.isEmpty();
        }

        /** Leaves out what may be secret. */
        @Override
        public String toString() {
            return "Broker[" + (isEmbedded() ? embeddedHost + ":" + embeddedPort : bootstrap) + ", " + topicPrefix
                    + "]";
        }
    }

    /** The copies of the partitions. */
    public record Store(Duration sessionTimeout, int standbys, int threads, long memoryBytes) {}

    /** The writers of the partitions. */
    public record Writer(
            int batchMutations,
            int batchBytes,
            int queueMutations,
            long queueBytes,
            long overlayKeptBytes,
            Duration dedupeWindow,
            int dedupeEntries,
            long dedupeBytes,
            Duration fencedHoldOff,
            int producers,
            OptionalInt commits) {}

    /** Where the broker shares our processors, more transactions at once would only be smaller ones. */
    private static OptionalInt commits(Values values, boolean embedded) {
        return values.get(Settings.COMMITS)
                .map(OptionalInt::of)
                .orElse(
                        embedded
                                ? OptionalInt.of(
                                        Math.max(2, Runtime.getRuntime().availableProcessors()))
                                : OptionalInt.empty());
    }

    /** What is too large. */
    public record Limits(int valueBytes, int nameBytes, int depth, int ops, int listBytes, int bodyBytes) {}

    /** The stream gateway. */
    public record Gateway(
            String host,
            int port,
            Duration pingInterval,
            Duration idleTimeout,
            int socketQueueBytes,
            long nodeQueueBytes,
            int maxMessageBytes,
            int maxSockets,
            int maxSubscriptions,
            int maxSocketsPerAddress,
            int maxMessagesPerSecond,
            boolean compression,
            int compressionMinBytes,
            List<String> allowedOrigins,
            Gate gate) {}

    /**
     * What subscriptions are fed from.
     *
     * @param windowBytes for all stream partitions together
     */
    public record Feed(long windowBytes, int replayRecords) {}

    /** Who may connect to the stream gateway, and subscribe; and what is known of those who have. */
    public record Gate(
            Optional<String> authFunction,
            boolean authStrict,
            boolean joinFailOpen,
            Duration joinTimeout,
            Duration joinKeep,
            boolean presence,
            Duration leaveKeep) {}

    /** What programs tell about themselves. */
    public record Telemetry(Optional<URI> otlpEndpoint, int queueBytes, int keptLogs) {}

    /** Functions that are HTTP endpoints. */
    public record Endpoints(boolean enabled, List<String> allowedHosts, int maxAnswerBytes, int callsPerWorker) {}
    /** The worker port. */
    public record Workers(
            String host, int port, Duration pingInterval, int maxMessageBytes, long socketQueueBytes, int maxSockets) {}

    /**
     * The http triggers.
     *
     * @param maxBodyBytes of JSON
     * @param bodyMemoryBytes of all JSON bodies at a time
     * @param maxUploadBytes of everything else
     */
    public record Http(
            String host,
            int port,
            Duration timeout,
            int maxRequests,
            int maxBodyBytes,
            long bodyMemoryBytes,
            long maxUploadBytes,
            List<String> corsOrigins,
            List<String> corsMethods,
            List<Middleware> middleware,
            boolean bodyAtTopLevel) {}

    /** A function that sees every HTTP request first. */
    public record Middleware(String functionId, int priority) {}

    /** State and stream triggers. */
    public record Triggers(
            Duration timeout,
            int attempts,
            Duration firstWait,
            Duration longestWait,
            int calls,
            int held,
            long heldBytes) {}

    /**
     * The admin API.
     *
     * @param healthPort a further port for health and metrics only
     */
    public record Admin(String host, int port, String healthHost, Optional<Integer> healthPort) {}

    /**
     * Reads and checks all of it.
     *
     * @throws InvalidConfigException with every problem there is
     */
    public static NodeConfig of(Sources sources) {
        Values values = Values.of(sources);
        if (values.problems().isEmpty()) {
            NodeConfig config = of(values);
            config.contradictions(values.problems());
            if (values.problems().isEmpty()) {
                return config;
            }
        }
        throw new InvalidConfigException(values.problems());
    }

    private static NodeConfig of(Values values) {
        boolean embedded = values.get(Settings.KAFKA_BOOTSTRAP).isEmpty();
        return new NodeConfig(
                new Home(
                        values.get(Settings.DATA_FOLDER),
                        values.get(Settings.NODE_ID),
                        values.get(Settings.SHUTDOWN_TIMEOUT),
                        values.get(Settings.LOG_FORMAT),
                        values.get(Settings.LOG_LEVEL)),
                broker(values, embedded),
                new Store(
                        values.get(Settings.SESSION_TIMEOUT),
                        values.get(Settings.STANDBYS).orElse(embedded ? 0 : 1),
                        values.get(Settings.THREADS),
                        values.get(Settings.STORE_MEMORY)),
                new Writer(
                        values.get(Settings.BATCH_MUTATIONS),
                        bytes(values.get(Settings.BATCH_BYTES)),
                        values.get(Settings.QUEUE_MUTATIONS),
                        values.get(Settings.QUEUE_BYTES),
                        values.get(Settings.OVERLAY_KEPT),
                        values.get(Settings.DEDUPE_WINDOW),
                        values.get(Settings.DEDUPE_ENTRIES),
                        values.get(Settings.DEDUPE_BYTES),
                        values.get(Settings.FENCED_HOLD_OFF),
                        values.get(Settings.PRODUCERS).orElse(embedded ? 1 : 2),
                        commits(values, embedded)),
                new Limits(
                        bytes(values.get(Settings.VALUE_LIMIT)),
                        bytes(values.get(Settings.NAME_LIMIT)),
                        values.get(Settings.DEPTH_LIMIT),
                        values.get(Settings.OPS_LIMIT),
                        bytes(values.get(Settings.LIST_LIMIT)),
                        bytes(values.get(Settings.BODY_LIMIT))),
                GatewaySettings.of(values),
                FeedSettings.of(values),
                new Telemetry(
                        values.get(Settings.OTLP_ENDPOINT).map(URI::create),
                        bytes(values.get(Settings.TELEMETRY_QUEUE)),
                        values.get(Settings.KEPT_LOGS)),
                new Endpoints(
                        values.get(Settings.ENDPOINTS_ENABLED),
                        values.get(Settings.ENDPOINT_HOSTS),
                        bytes(values.get(Settings.ENDPOINT_ANSWER)),
                        values.get(Settings.ENDPOINT_CALLS)),
                new Workers(
                        values.get(Settings.WORKERS_HOST),
                        values.get(Settings.WORKERS_PORT),
                        values.get(Settings.WORKERS_PING_INTERVAL),
                        bytes(values.get(Settings.WORKERS_MAX_MESSAGE)),
                        values.get(Settings.WORKERS_SOCKET_QUEUE),
                        values.get(Settings.WORKERS_MAX_SOCKETS)),
                HttpSettings.of(values),
                QueueTable.read(values),
                TriggerSettings.of(values),
                FleetSettings.of(values),
                new Admin(
                        values.get(Settings.ADMIN_HOST),
                        values.get(Settings.ADMIN_PORT),
                        values.get(Settings.HEALTH_HOST),
                        values.get(Settings.HEALTH_PORT)),
                values.get(Settings.CALL_DEADLINE));
    }

    private static Broker broker(Values values, boolean embedded) {
        Map<String, String> client = new TreeMap<>();
        values.client().forEach((name, given) -> client.put(name, given.text()));
        return new Broker(
                values.get(Settings.KAFKA_BOOTSTRAP),
                values.get(Settings.EMBEDDED_HOST),
                values.get(Settings.EMBEDDED_PORT),
                values.get(Settings.TOPIC_PREFIX),
                values.get(Settings.PARTITIONS).map(OptionalInt::of).orElseGet(OptionalInt::empty),
                values.get(Settings.REPLICATION).orElse(embedded ? 1 : 3),
                values.get(Settings.HISTORY),
                values.get(Settings.KAFKA_CALL_TIMEOUT),
                Map.copyOf(client));
    }

    /** What is right by itself and wrong together. */
    private void contradictions(List<String> problems) {
        List<String> ports = new ArrayList<>();
        addPort(ports, problems, "gateway.port", gateway.port);
        addPort(ports, problems, "workers.port", workers.port);
        addPort(ports, problems, "http.port", http.port);
        addPort(ports, problems, "admin.port", admin.port);
        addPort(ports, problems, "peers.port", fleet.port());
        admin.healthPort.ifPresent(port -> addPort(ports, problems, "health.port", port));
        if (broker.isEmbedded()) {
            addPort(ports, problems, "kafka.embedded-port", broker.embeddedPort);
            expect(
                    problems,
                    broker.replication == 1,
                    "kafka.replication: " + broker.replication,
                    "1, as the broker inside has no other to copy to; kafka.bootstrap names a cluster");
        }
        expect(
                problems,
                gateway.idleTimeout.compareTo(gateway.pingInterval) > 0,
                "gateway.idle-timeout: " + gateway.idleTimeout.toMillis() + "ms",
                "more than gateway.ping-interval, " + gateway.pingInterval.toMillis()
                        + "ms, or quiet sockets are cut off");
        expect(problems, !fleet.roles().isEmpty(), "node.roles: none", "store, edge or both");
        expect(
                problems,
                fleet.isStore() || !broker.isEmbedded(),
                "node.roles: edge",
                "store too, with the broker inside; kafka.bootstrap names a cluster that others own partitions of");
        expect(
                problems,
                fleet.secret().isPresent() || fleet.keystore().isPresent() || fleet.isLocal(),
                "peers.secret: none",
                "one that all nodes share, or a peers.keystore, as peers.host is " + fleet.host());
        expect(
                problems,
                fleet.silence().compareTo(fleet.heartbeat().multipliedBy(2)) > 0,
                "peers.silence: " + fleet.silence().toMillis() + "ms",
                "more than two peers.heartbeat, " + fleet.heartbeat().toMillis() + "ms each");
        expect(
                problems,
                gateway.gate.authFunction.isPresent() || !gateway.gate.authStrict,
                "gateway.auth-strict: true",
                "false, as no gateway.auth-function is named that could give a context");
        expect(
                problems,
                limits.bodyBytes >= limits.valueBytes,
                "limits.body: " + limits.bodyBytes + "B",
                "at least limits.value, " + limits.valueBytes + "B, or the largest value cannot be sent");
        expect(
                problems,
                writer.queueBytes >= limits.valueBytes,
                "writer.queue-bytes: " + writer.queueBytes + "B",
                "at least limits.value, " + limits.valueBytes + "B");
        expect(
                problems,
                queues.absence().compareTo(queues.retention()) < 0,
                "queues.absence: " + queues.absence().toSeconds() + "s",
                "less than queues.retention, " + queues.retention().toSeconds() + "s, or what waits is lost");
        expect(
                problems,
                gateway.nodeQueueBytes >= gateway.socketQueueBytes,
                "gateway.node-queue: " + gateway.nodeQueueBytes + "B",
                "at least gateway.socket-queue, " + gateway.socketQueueBytes + "B");
        expect(
                problems,
                triggers.longestWait.compareTo(triggers.firstWait) >= 0,
                "triggers.longest-wait: " + triggers.longestWait.toMillis() + "ms",
                "at least triggers.first-wait, " + triggers.firstWait.toMillis() + "ms");
        expect(
                problems,
                broker.history.compareTo(writer.dedupeWindow) >= 0,
                "writer.dedupe-window: " + writer.dedupeWindow.toSeconds() + "s",
                "at most kafka.history, " + broker.history.toSeconds() + "s, which it is rebuilt from");
    }

    private static void addPort(List<String> ports, List<String> problems, String name, int port) {
        String text = String.valueOf(port);
        expect(problems, port == 0 || !ports.contains(text), name + ": " + text, "a port no other setting names");
        ports.add(text);
    }

    private static void expect(List<String> problems, boolean holds, String actual, String expected) {
        if (!holds) {
            problems.add(actual + " (expected: " + expected + ")");
        }
    }

    /** Sizes whose bounds keep them below 2 GiB. */
    private static int bytes(long size) {
        return Math.toIntExact(size);
    }
}
