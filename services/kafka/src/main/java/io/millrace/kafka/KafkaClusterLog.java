package io.millrace.kafka;

import io.millrace.core.value.Json;
import io.millrace.engine.port.ClusterLog;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What nodes say of themselves, on one topic. It has an appender of its own: a sign of life must not wait behind a queue
 * whose topic cannot be had.
 */
final class KafkaClusterLog implements ClusterLog, AutoCloseable {
    /** Who was silent for so long is forgotten. */
    private static final Duration KEPT = Duration.ofHours(1);

    private static final SideTopics.Kind KIND = new SideTopics.Kind(1, KEPT, SideTopics.Cleanup.LATEST);

    private final String topic;
    private final Appender appender;
    private final ClientSettings settings;
    private final ClientMetrics metrics;
    private final Set<ClusterReader> readers = ConcurrentHashMap.newKeySet();

    KafkaClusterLog(Names names, SideTopics topics, ClientSettings settings, ClientMetrics metrics) {
        this.topic = names.cluster();
        this.settings = settings;
        this.metrics = metrics;
        this.appender = new Appender(topics, settings.appender("cluster"), metrics);
    }

    @Override
    @SuppressWarnings("NullAway") // A record without a value is what takes its key away.
    public CompletionStage<@Nullable Void> append(String node, @Nullable Json record) {
        byte[] value = record == null ? null : record.utf8();
        return appender.append(KIND, new ProducerRecord<>(topic, RecordCodec.utf8(node), value))
                .thenApply(done -> null);
    }

    @Override
    public Following follow(Listener listener) {
        // Whoever asks a consumer for a topic that is not there may have brokers create it, as they please.
        ClusterReader reader = new ClusterReader(
                topic, () -> appender.open(topic, KIND), settings, metrics, listener, readers::remove);
        readers.add(reader);
        reader.start();
        return reader;
    }

    @Override
    public void close() {
        readers.forEach(ClusterReader::close);
        appender.close();
    }
}
