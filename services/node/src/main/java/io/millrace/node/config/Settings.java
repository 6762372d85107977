package io.millrace.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The table of settings. Parsing, checking, {@code millrace config} and docs/configuration.md all come from here. */
final class Settings {
    static final Setting<Path> DATA_FOLDER = new Setting<>(
            "data.folder", Kinds.folder(), "./data", "Where this node keeps its files; one running node per folder.");
    static final Setting<Optional<String>> NODE_ID = new Setting<>(
            "node.id",
            Kinds.or("", Kinds.text("1 to 64 letters, digits, dots, dashes or underscores", "[A-Za-z0-9._-]{1,64}")),
            "",
            "Names this node among its peers; left out, one is made up at the first start and kept in the data folder.");
    static final Setting<Duration> SHUTDOWN_TIMEOUT = new Setting<>(
            "node.shutdown-timeout",
            Kinds.span("1s", "1h"),
            "20s",
            "How long an orderly stop may take before it is cut short; calls under way get half of it.");
    static final Setting<LogFormat> LOG_FORMAT = new Setting<>(
            "log.format",
            Kinds.choice(LogFormat.class),
            "text",
            "How log lines are written: for people, or one JSON object each.");
    static final Setting<LogLevel> LOG_LEVEL = new Setting<>(
            "log.level",
            Kinds.choice(LogLevel.class),
            "info",
            "The least important of our own log lines that are written.");

    static final Setting<List<String>> KAFKA_BOOTSTRAP = new Setting<>(
            "kafka.bootstrap",
            Kinds.list(Kinds.text("host:port", "[A-Za-z0-9._-]{1,253}:[0-9]{1,5}|\\[[0-9A-Fa-f:.]+]:[0-9]{1,5}")),
            "",
            "Brokers of the cluster to use; none starts a single-node broker inside this process.");
    static final Setting<String> EMBEDDED_HOST = new Setting<>(
            "kafka.embedded-host",
            Kinds.host(),
            "localhost",
            "Where the broker inside this process listens, and what it tells its clients to connect to.");
    static final Setting<Integer> EMBEDDED_PORT =
            new Setting<>("kafka.embedded-port", Kinds.port(), "9092", "The port of the broker inside this process.");
    static final Setting<String> TOPIC_PREFIX = new Setting<>(
            "kafka.topic-prefix",
            Kinds.text("at most 100 letters, digits, dots, dashes or underscores", "[A-Za-z0-9._-]{0,100}"),
            "millrace.",
            "What the names of our topics and groups begin with.");
    static final Setting<Optional<Integer>> PARTITIONS = new Setting<>(
            "kafka.partitions",
            Kinds.or("auto", Kinds.whole(1, 1_000)),
            "auto",
            "Partitions of each change topic, for ever, since placement depends on them; auto: what is there, else 8 with one replica and 32 with more.");
    static final Setting<Optional<Integer>> REPLICATION = new Setting<>(
            "kafka.replication",
            Kinds.or("auto", Kinds.whole(1, 9)),
            "auto",
            "Copies the cluster keeps of each partition; auto: 1 with the broker inside, else 3.");
    static final Setting<Duration> HISTORY = new Setting<>(
            "kafka.history",
            Kinds.span("1m", "365d"),
            "24h",
            "How long the change topics keep every change; beyond it, the latest per key.");

    static final Setting<Duration> KAFKA_CALL_TIMEOUT = new Setting<>(
            "kafka.call-timeout",
            Kinds.span("1s", "10m"),
            "10s",
            "How long to wait for the cluster at start and when a partition is taken over.");

    static final Setting<Duration> SESSION_TIMEOUT = new Setting<>(
            "store.session-timeout",
            Kinds.span("1s", "5m"),
            "6s",
            "How long a node may be silent before its partitions go to another; the same on all nodes, which rely on it.");
    static final Setting<Optional<Integer>> STANDBYS = new Setting<>(
            "store.standbys",
            Kinds.or("auto", Kinds.whole(0, 4)),
            "auto",
            "Further copies of each partition kept ready on other nodes; auto: 0 with the broker inside, else 1.");
    static final Setting<Integer> THREADS =
            new Setting<>("store.threads", Kinds.whole(1, 64), "1", "Threads that materialise the change topics.");
    static final Setting<Long> STORE_MEMORY = new Setting<>(
            "store.memory",
            Kinds.size("16MiB", "64GiB"),
            "128MiB",
            "What all local copies together may cache and buffer, outside the Java heap.");

    static final Setting<Integer> BATCH_MUTATIONS = new Setting<>(
            "writer.batch-mutations", Kinds.whole(1, 100_000), "4096", "The most mutations one transaction commits.");
    static final Setting<Long> BATCH_BYTES = new Setting<>(
            "writer.batch-bytes",
            Kinds.size("64KiB", "64MiB"),
            "2MiB",
            "The most bytes of mutations one transaction commits.");
    static final Setting<Integer> QUEUE_MUTATIONS = new Setting<>(
            "writer.queue-mutations",
            Kinds.whole(1, 10_000_000),
            "50000",
            "The most mutations that wait in one partition; further ones are refused as retriable.");
    static final Setting<Long> QUEUE_BYTES = new Setting<>(
            "writer.queue-bytes",
            Kinds.size("64KiB", "4GiB"),
            "64MiB",
            "The most bytes of mutations that wait in one partition; further ones are refused as retriable.");
    static final Setting<Long> OVERLAY_KEPT = new Setting<>(
            "writer.overlay-kept",
            Kinds.size("0B", "1GiB"),
            "1MiB",
            "About how many bytes of the values written last one partition keeps at hand, for the next write of the same.");
    static final Setting<Duration> DEDUPE_WINDOW = new Setting<>(
            "writer.dedupe-window",
            Kinds.span("1s", "30d"),
            "5m",
            "How long a mutation id is remembered, so that a repeated one counts once.");
    static final Setting<Integer> DEDUPE_ENTRIES = new Setting<>(
            "writer.dedupe-entries",
            Kinds.whole(1_000, 100_000_000),
            "100000",
            "The most mutation ids one partition remembers; older ones go before their time, which is counted.");
    static final Setting<Long> DEDUPE_BYTES = new Setting<>(
            "writer.dedupe-bytes",
            Kinds.size("1MiB", "16GiB"),
            "16MiB",
            "The most bytes one partition spends on mutation ids and their replies.");
    static final Setting<Duration> FENCED_HOLD_OFF = new Setting<>(
            "writer.fenced-hold-off",
            Kinds.span("0ms", "5m"),
            "1s",
            "How long a writer that another one has fenced waits before it may take its partition back.");
    static final Setting<Optional<Integer>> PRODUCERS = new Setting<>(
            "writer.producers",
            Kinds.or("auto", Kinds.whole(1, 2)),
            "auto",
            "Producers each partition's writer uses in turn; auto: 1 with the broker inside, else 2.");

    static final Setting<Optional<Integer>> COMMITS = new Setting<>(
            "writer.commits",
            Kinds.or("auto", Kinds.whole(1, 10_000)),
            "auto",
            "Transactions under way at a time on this node; auto: as many as cores with the broker inside, else any.");

    static final Setting<Duration> CALL_DEADLINE = new Setting<>(
            "call.deadline", Kinds.span("10ms", "1h"), "30s", "How long a caller waits who does not say how long.");

    static final Setting<Long> VALUE_LIMIT =
            new Setting<>("limits.value", Kinds.size("1KiB", "16MiB"), "1MiB", "The largest value, as compact JSON.");
    static final Setting<Long> NAME_LIMIT = new Setting<>(
            "limits.name",
            Kinds.size("16B", "16KiB"),
            "1KiB",
            "The longest scope, key, stream name, group id or item id, in UTF-8.");
    static final Setting<Integer> DEPTH_LIMIT = new Setting<>(
            "limits.depth", Kinds.whole(1, 1_000), "128", "How deep a document may nest arrays and objects.");
    static final Setting<Integer> OPS_LIMIT =
            new Setting<>("limits.ops", Kinds.whole(1, 100_000), "1000", "The most ops of one update.");
    static final Setting<Long> LIST_LIMIT = new Setting<>(
            "limits.list", Kinds.size("64KiB", "1GiB"), "64MiB", "The largest answer of a list function.");
    static final Setting<Long> BODY_LIMIT =
            new Setting<>("limits.body", Kinds.size("1KiB", "64MiB"), "4MiB", "The largest body of an HTTP request.");

    static final Setting<Optional<String>> OTLP_ENDPOINT = new Setting<>(
            "telemetry.otlp-endpoint",
            Kinds.or(
                    "",
                    Kinds.text(
                            "a URL such as http://collector:4318",
                            "https?://([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?")),
            "",
            "Where traces, metrics and logs of programs are forwarded to, as OTLP in JSON; /v1/traces and so on is added. None given: nowhere.");
    static final Setting<Long> TELEMETRY_QUEUE = new Setting<>(
            "telemetry.queue",
            Kinds.size("64KiB", "1GiB"),
            "8MiB",
            "The most bytes of telemetry that wait to be forwarded; beyond it, the oldest are lost, which is counted.");
    static final Setting<Integer> KEPT_LOGS = new Setting<>(
            "telemetry.kept-logs",
            Kinds.whole(0, 100_000),
            "1000",
            "How many log records of programs engine::logs::list can show, the latest; at most 4 MiB of them.");

    static final Setting<Boolean> ENDPOINTS_ENABLED = new Setting<>(
            "endpoints.enabled",
            Kinds.flag(),
            "true",
            "Whether workers may register HTTP endpoints as functions, which this node then calls, with secrets from its environment (none that begin with MILLRACE_).");
    static final Setting<List<String>> ENDPOINT_HOSTS = new Setting<>(
            "endpoints.allowed-hosts",
            Kinds.list(Kinds.host()),
            "",
            "The hosts such endpoints may be on; none given: all, private networks among them, as workers are trusted.");
    static final Setting<Long> ENDPOINT_ANSWER = new Setting<>(
            "endpoints.max-answer", Kinds.size("1KiB", "64MiB"), "4MiB", "The largest answer of such an endpoint.");
    static final Setting<Integer> ENDPOINT_CALLS = new Setting<>(
            "endpoints.calls-per-worker",
            Kinds.whole(1, 100_000),
            "256",
            "The most calls under way of the endpoints of one worker; further ones are refused as retriable.");
    static final Setting<String> WORKERS_HOST = new Setting<>(
            "workers.host",
            Kinds.host(),
            "0.0.0.0",
            "Where workers connect; 0.0.0.0 is every network of this machine.");
    static final Setting<Integer> WORKERS_PORT =
            new Setting<>("workers.port", Kinds.port(), "49134", "The port that workers connect to.");
    static final Setting<Duration> WORKERS_PING_INTERVAL = new Setting<>(
            "workers.ping-interval",
            Kinds.span("1s", "1h"),
            "10s",
            "How often a worker is pinged; after two intervals of silence it is taken for dead.");
    static final Setting<Long> WORKERS_MAX_MESSAGE = new Setting<>(
            "workers.max-message", Kinds.size("64KiB", "1GiB"), "64MiB", "The largest message a worker may send.");
    static final Setting<Long> WORKERS_SOCKET_QUEUE = new Setting<>(
            "workers.socket-queue",
            Kinds.size("64KiB", "16GiB"),
            "64MiB",
            "The most bytes that wait for one worker; beyond it, it is closed as a dead reader.");
    static final Setting<Integer> WORKERS_MAX_SOCKETS = new Setting<>(
            "workers.max-sockets",
            Kinds.whole(1, 1_000_000),
            "20000",
            "The most connections of workers at a time, telemetry and channels included; further ones are refused.");

    static final Setting<String> ADMIN_HOST = new Setting<>(
            "admin.host",
            Kinds.host(),
            "127.0.0.1",
            "Where the admin API listens, which can do everything: by default on this machine only.");
    static final Setting<Integer> ADMIN_PORT =
            new Setting<>("admin.port", Kinds.port(), "3113", "The port of the admin API, health and metrics.");
    static final Setting<String> HEALTH_HOST = new Setting<>(
            "health.host",
            Kinds.host(),
            "0.0.0.0",
            "Where health.port listens; 0.0.0.0 is every network of this machine.");
    static final Setting<Optional<Integer>> HEALTH_PORT = new Setting<>(
            "health.port",
            Kinds.or("", Kinds.port()),
            "",
            "A second port for health and metrics, and for nothing else: for probes from other machines, which should not reach the admin API. None unless given.");

    /** All of them, in the order they are shown. */
    static final List<Setting<?>> ALL = List.of(
            DATA_FOLDER,
            NODE_ID,
            FleetSettings.ROLES,
            SHUTDOWN_TIMEOUT,
            FleetSettings.DRAIN,
            LOG_FORMAT,
            LOG_LEVEL,
            KAFKA_BOOTSTRAP,
            EMBEDDED_HOST,
            EMBEDDED_PORT,
            TOPIC_PREFIX,
            PARTITIONS,
            REPLICATION,
            HISTORY,
            KAFKA_CALL_TIMEOUT,
            SESSION_TIMEOUT,
            STANDBYS,
            THREADS,
            STORE_MEMORY,
            BATCH_MUTATIONS,
            BATCH_BYTES,
            QUEUE_MUTATIONS,
            QUEUE_BYTES,
            OVERLAY_KEPT,
            DEDUPE_WINDOW,
            DEDUPE_ENTRIES,
            DEDUPE_BYTES,
            FENCED_HOLD_OFF,
            PRODUCERS,
            COMMITS,
            CALL_DEADLINE,
            VALUE_LIMIT,
            NAME_LIMIT,
            DEPTH_LIMIT,
            OPS_LIMIT,
            LIST_LIMIT,
            BODY_LIMIT,
            GatewaySettings.HOST,
            GatewaySettings.PORT,
            GatewaySettings.PING_INTERVAL,
            GatewaySettings.IDLE_TIMEOUT,
            GatewaySettings.SOCKET_QUEUE,
            GatewaySettings.NODE_QUEUE,
            GatewaySettings.MAX_MESSAGE,
            GatewaySettings.MAX_SOCKETS,
            GatewaySettings.MAX_SUBSCRIPTIONS,
            GatewaySettings.MAX_SOCKETS_PER_ADDRESS,
            GatewaySettings.MAX_MESSAGES_PER_SECOND,
            GatewaySettings.COMPRESSION,
            GatewaySettings.COMPRESSION_MIN_BYTES,
            GatewaySettings.ALLOWED_ORIGINS,
            FeedSettings.WINDOW,
            FeedSettings.REPLAY,
            OTLP_ENDPOINT,
            TELEMETRY_QUEUE,
            KEPT_LOGS,
            ENDPOINTS_ENABLED,
            ENDPOINT_HOSTS,
            ENDPOINT_ANSWER,
            ENDPOINT_CALLS,
            WORKERS_HOST,
            WORKERS_PORT,
            WORKERS_PING_INTERVAL,
            WORKERS_MAX_MESSAGE,
            WORKERS_SOCKET_QUEUE,
            WORKERS_MAX_SOCKETS,
            HttpSettings.HOST,
            HttpSettings.PORT,
            HttpSettings.TIMEOUT,
            HttpSettings.MAX_REQUESTS,
            HttpSettings.MAX_BODY,
            HttpSettings.BODY_MEMORY,
            HttpSettings.MAX_UPLOAD,
            HttpSettings.CORS_ORIGINS,
            HttpSettings.CORS_METHODS,
            HttpSettings.MIDDLEWARE,
            HttpSettings.BODY_AT_TOP_LEVEL,
            TriggerSettings.TIMEOUT,
            TriggerSettings.ATTEMPTS,
            TriggerSettings.FIRST_WAIT,
            TriggerSettings.LONGEST_WAIT,
            TriggerSettings.CALLS,
            TriggerSettings.HELD,
            TriggerSettings.HELD_BYTES,
            GatewaySettings.AUTH_FUNCTION,
            GatewaySettings.AUTH_STRICT,
            GatewaySettings.JOIN_FAIL_OPEN,
            GatewaySettings.JOIN_TIMEOUT,
            GatewaySettings.JOIN_KEEP,
            GatewaySettings.PRESENCE,
            GatewaySettings.LEAVE_KEEP,
            QueueTable.PARTITIONS,
            QueueTable.RETENTION,
            QueueTable.ATTEMPTS,
            QueueTable.CONCURRENCY,
            QueueTable.BACKOFF,
            QueueTable.TIMEOUT,
            QueueTable.ABSENCE,
            QueueTable.CRON_TIMEOUT,
            FleetSettings.HOST,
            FleetSettings.PORT,
            FleetSettings.ADVERTISED,
            FleetSettings.SECRET,
            FleetSettings.KEYSTORE,
            FleetSettings.KEYSTORE_PASSWORD,
            FleetSettings.HEARTBEAT,
            FleetSettings.SILENCE,
            FleetSettings.QUEUE,
            ADMIN_HOST,
            ADMIN_PORT,
            HEALTH_HOST,
            HEALTH_PORT);

    /** Settings of Kafka's own clients are handed on under this prefix. */
    static final String CLIENT_PREFIX = "kafka.client.";

    private Settings() {}
}
