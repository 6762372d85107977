package io.millrace.kafka;

import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.DeadLetters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Dead letters, on one producer for the node. */
final class KafkaDeadLetters implements DeadLetters, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Producer<byte[], byte[]> producer;
    private final ClientMetrics.Source metrics;
    private final String topic;

    KafkaDeadLetters(Names names, ClientSettings settings, ClientMetrics metrics) {
        this.topic = names.of(TOPIC);
        this.producer = new KafkaProducer<>(settings.deadLetters());
        this.metrics = metrics.add(producer::metrics);
        // Looks the topic up now, so that nobody has to wait for it.
        var _ = producer.partitionsFor(topic);
    }

    @Override
    public CompletionStage<Void> keep(DeadLetter letter) {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        try {
            var _ = producer.send(
                    new ProducerRecord<>(
                            topic, letter.key().utf8(), letter.toJson().utf8()),
                    (metadata, failure) -> {
                        if (failure == null) {
                            kept.complete(null);
                        } else {
                            kept.completeExceptionally(failure);
                        }
                    });
        } catch (KafkaException | IllegalStateException e) {
            kept.completeExceptionally(e);
        }
        return kept.minimalCompletionStage();
    }

    @Override
    public void close() {
        metrics.close();
        producer.close(CLOSE_TIMEOUT);
    }
}
