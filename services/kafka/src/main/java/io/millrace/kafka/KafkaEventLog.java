package io.millrace.kafka;

import io.millrace.core.address.Group;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.value.Json;
import io.millrace.engine.port.EventLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Ephemeral events, on one producer for the node: idempotent, so in order per group, but in no transaction. */
final class KafkaEventLog implements EventLog, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Producer<byte[], byte[]> producer;
    private final ClientMetrics.Source metrics;
    private final String topic;
    private final int partitions;

    KafkaEventLog(Names names, int partitions, ClientSettings settings, ClientMetrics metrics) {
        this.topic = names.events();
        this.partitions = partitions;
        this.producer = new KafkaProducer<>(settings.events());
        this.metrics = metrics.add(producer::metrics);
        // Looks the topic up now, so that no sender has to wait for it.
        var _ = producer.partitionsFor(topic);
    }

    @Override
    public CompletionStage<Void> send(Group group, Json frame, long after, @Nullable String traceParent) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, group.partition(partitions), group.eventKey().array(), frame.utf8());
        if (after >= 0) {
            record.headers().add(EventLog.AFTER_OFFSET, RecordCodec.utf8(Long.toString(after)));
        }
        if (traceParent != null) {
            record.headers().add(ChangeRecord.TRACE_PARENT, RecordCodec.utf8(traceParent));
        }
        try {
            var _ = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(null);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            // Not even queued: no broker known, or closed.
            sent.completeExceptionally(e);
        }
        return sent.minimalCompletionStage();
    }

    @Override
    public void close() {
        metrics.close();
        producer.close(CLOSE_TIMEOUT);
    }
}
