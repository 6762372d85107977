package io.millrace.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of every Kafka client. What the user passes comes first, what our guarantees rest on overrides it. */
final class ClientSettings {
    /** After this a broker aborts a dead owner's transaction; a live one gives up before. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(8);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

    /** How much of the change topics the copies fetch at once, or as much as there is after so long. */
    private static final int FETCH_BYTES = 64 << 10;

    private static final int FETCH_WAIT_MS = 50;
    private static final int FETCH_MAX_BYTES = 384 << 10;
    private static final int MEMBER_FETCH_WAIT_MS = 250;

    private final ClusterConfig cluster;
    private final int maxRecordBytes;
    private final String nodeId;
    private final int sessionMs;

    ClientSettings(KafkaBackendConfig config) {
        this.cluster = config.cluster();
        this.maxRecordBytes = config.topics().maxRecordBytes();
        this.nodeId = config.nodeId();
        this.sessionMs = ms(config.store().session());
    }

    Duration callTimeout() {
        return cluster.callTimeout();
    }

    String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    boolean pingPong() {
        return cluster.pingPong();
    }

    int maxRecordBytes() {
        return maxRecordBytes;
    }

    Map<String, Object> admin() {
        Map<String, Object> settings = common("admin");
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(cluster.callTimeout()));
        settings.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(ms(cluster.callTimeout()), ms(REQUEST_TIMEOUT)));
        return settings;
    }

    /** An owner's producer. */
    Map<String, Object> owner(String transactionalId) {
        Map<String, Object> settings = producer(transactionalId);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, ms(TRANSACTION_TIMEOUT));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ms(cluster.callTimeout()));
        // With more, a failed request overtakes another and the tail grows to 100 ms.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
        settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 100);
        return settings;
    }

    /** The producer of ephemeral events. */
    Map<String, Object> events() {
        Map<String, Object> settings = producer("events");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ms(REQUEST_TIMEOUT));
        return settings;
    }

    /** A producer to topics beside those of changes. */
    Map<String, Object> appender(String role) {
        Map<String, Object> settings = producer(role);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ms(REQUEST_TIMEOUT));
        return settings;
    }

    /** The producer of dead letters. */
    Map<String, Object> deadLetters() {
        Map<String, Object> settings = producer("dead-letters");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ms(REQUEST_TIMEOUT));
        return settings;
    }

    /** A member of a consumer group that writes its places itself. */
    Map<String, Object> member(String group) {
        Map<String, Object> settings = reader(group);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        // A node that was killed and comes back takes its own place at once, without waiting for its session to expire.
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, nodeId);
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionMs);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.min(sessionMs / 6, 1_000));
        settings.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 20);
        // What is resumed is fetched when the fetch under way is answered.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, MEMBER_FETCH_WAIT_MS);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
        return settings;
    }

    private Map<String, Object> producer(String role) {
        Map<String, Object> settings = common(role);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ms(DELIVERY_TIMEOUT));
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ms(REQUEST_TIMEOUT));
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRecordBytes);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(8L << 20, 2L * maxRecordBytes));
        // A partition has one batch under way at a time: the larger, the fewer round trips for a large transaction.
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }

    /** A consumer that is assigned partitions by hand and belongs to no group. */
    Map<String, Object> reader(String role) {
        Map<String, Object> settings = common(role);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ms(cluster.callTimeout()));
        settings.put(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(ms(cluster.callTimeout()), ms(REQUEST_TIMEOUT)));
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    /**
     * A reader of pieces of partitions, which waits for nothing to come.
     *
     * @param where to go on when an offset is not there: {@code earliest}, or {@code none} to fail
     */
    Map<String, Object> pieces(String role, String where) {
        Map<String, Object> settings = reader(role);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, where);
        return settings;
    }

    /** The stores' application. */
    Map<String, Object> streams(String application, String stateFolder, StoreConfig store) {
        Map<String, Object> settings = common("store");
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, store.threads());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, store.standbys());
        // Standbys follow what is committed, so this is how far they lag; without any, how much is read again after a
        // crash, and each commit costs requests.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, store.standbys() == 0 ? 500 : 100);
        settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        // There is no global store; this only quiets a warning about them.
        settings.put("processing.exception.handler.global.enabled", true);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.class);
        settings.put(RocksMemory.BYTES, Long.toString(store.memoryBytes()));
        // Aborted records must neither be applied nor restored.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        settings.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        // Nobody waits for the copies but who takes over, since owners read their overlays first. So changes are
        // fetched
        // some at a time: a fetch for each commit would take the writers' own processor time.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_WAIT_MS);
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), FETCH_BYTES);
        // A standby that becomes an owner's copy waits for the fetch that is under way for the other standbys.
        settings.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), FETCH_WAIT_MS);
        // Small answers even when a copy is behind: they are made again and again, and in a heap of small regions large
        // ones
        // set off a collector's cycle each.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), FETCH_MAX_BYTES);
        // Each task has one partition: there is no order between partitions to wait for.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // The group's coordinator is not ready at once after a start; one try too early should not cost 100 ms.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG), 20);
        int sessionMs = ms(store.session());
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), sessionMs);
        // Heartbeats are also how a member learns that partitions move: writes are away for that long at least.
        settings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                Math.min(sessionMs / 20, 1_000));
        // A known member that comes back is given its partitions without waiting for its own session to expire.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), nodeId);
        return settings;
    }

    private Map<String, Object> common(String role) {
        Map<String, Object> settings = new HashMap<>(cluster.clientSettings());
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers());
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, nodeId + "-" + role);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        // We hand the metrics out ourselves; thousands of MBeans would only make the start slower.
        settings.putIfAbsent(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        return settings;
    }

    private static int ms(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
