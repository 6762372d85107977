package io.millrace.kafka;

import io.millrace.core.value.Json;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PresenceLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Subscriptions of all nodes on one compacted topic, of one partition unless somebody has created it with more. */
final class KafkaPresenceLog implements PresenceLog, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** How long a key is known to be gone, for those who read meanwhile. */
    private static final SideTopics.Kind KIND = new SideTopics.Kind(1, Duration.ofDays(1), SideTopics.Cleanup.COMPACT);

    private final String topic;
    private final Appender appender;
    private final ClientSettings settings;
    private final ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor();

    KafkaPresenceLog(Names names, Appender appender, ClientSettings settings) {
        this.topic = names.presence();
        this.appender = appender;
        this.settings = settings;
    }

    @Override
    @SuppressWarnings("NullAway") // A record without a value is what takes its key away.
    public CompletionStage<@Nullable Void> append(Json key, @Nullable Json value) {
        byte[] bytes = value == null ? null : value.utf8();
        return appender.append(KIND, new ProducerRecord<>(topic, key.utf8(), bytes))
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<@Nullable Void> read(Visitor visitor) {
        // Whoever asks a consumer for a topic that is not there may have brokers create it, as they please.
        return appender.open(topic, KIND).thenCompose(there -> {
            try {
                return CompletableFuture.runAsync(() -> readAll(visitor), reading)
                        .thenApply(done -> null);
            } catch (RejectedExecutionException e) {
                return CompletableFuture.failedStage(unavailable(e));
            }
        });
    }

    private void readAll(Visitor visitor) {
        Consumer<byte[], byte @Nullable []> consumer = new KafkaConsumer<>(settings.reader("presence"));
        try {
            List<TopicPartition> left = new ArrayList<>(KnownPartitions.of(consumer, topic, settings.callTimeout()));
            consumer.assign(left);
            consumer.seekToBeginning(left);
            Map<TopicPartition, Long> ends = consumer.endOffsets(left);
            visit(consumer, left, ends, visitor);
        } catch (KafkaException e) {
            throw unavailable(e);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO)); // it belongs to no group
        }
    }

    private void visit(
            Consumer<byte[], byte @Nullable []> consumer,
            List<TopicPartition> left,
            Map<TopicPartition, Long> ends,
            Visitor visitor) {
        long deadlineNs = deadlineNs();
        while (true) {
            // By position: what lies last may have been compacted away.
            left.removeIf(at -> consumer.position(at) >= ends.getOrDefault(at, 0L));
            if (left.isEmpty()) {
                return;
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new KafkaException("nothing comes");
            }
            for (ConsumerRecord<byte[], byte @Nullable []> record : consumer.poll(POLL)) {
                byte[] value = record.value();
                if (record.key() != null) {
                    visitor.visit(Json.ofTrusted(record.key()), value == null ? null : Json.ofTrusted(value));
                }
                deadlineNs = deadlineNs();
            }
        }
    }

    private long deadlineNs() {
        return System.nanoTime() + settings.callTimeout().toNanos();
    }

    private LogUnavailableException unavailable(Throwable cause) {
        return new LogUnavailableException("read topic " + topic + ": " + Cluster.reason(cause), cause);
    }

    @Override
    public void close() {
        reading.shutdownNow();
    }
}
