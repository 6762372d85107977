package io.millrace.loadtest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** One partition of the floor: drain, begin, send, flush, commit, answer. */
final class BarePartition {
    private static final int MAX_BATCH = 4_096;

    private final BlockingQueue<Write> waiting = new LinkedBlockingQueue<>(200_000);
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partition;
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable RuntimeException broken;

    BarePartition(String bootstrapServers, String topic, int partition) {
        this.topic = topic;
        this.partition = partition;
        this.producer = new KafkaProducer<>(settings(bootstrapServers, topic + "-" + partition));
        this.thread = Thread.ofPlatform().name("bare-" + partition).unstarted(this::run);
    }

    void start() {
        producer.initTransactions();
        thread.start();
    }

    CompletionStage<?> submit(byte[] key, byte[] value) {
        RuntimeException why = broken;
        if (why != null) {
            return CompletableFuture.failedStage(why);
        }
        Write write = new Write(new ProducerRecord<>(topic, partition, key, value), new CompletableFuture<>());
        try {
            waiting.put(write);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedStage(e);
        }
        return write.answer();
    }

    void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }

    private void run() {
        List<Write> batch = new ArrayList<>();
        try {
            while (!closing || !waiting.isEmpty()) {
                Write first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MAX_BATCH - 1);
                    commit(batch);
                    batch.forEach(write -> write.answer().complete(null));
                    batch.clear();
                }
            }
        } catch (InterruptedException | ExecutionException | KafkaException e) {
            RuntimeException why = new IllegalStateException("bare partition " + partition + ": " + e.getMessage(), e);
            broken = why;
            waiting.drainTo(batch);
            batch.forEach(write -> write.answer().completeExceptionally(why));
        }
    }

    private void commit(List<Write> batch) throws InterruptedException, ExecutionException {
        producer.beginTransaction();
        List<Future<RecordMetadata>> appended = new ArrayList<>(batch.size());
        for (Write write : batch) {
            appended.add(producer.send(write.entry()));
        }
        // Unflushed, the commit may overtake the records.
        producer.flush();
        for (Future<RecordMetadata> future : appended) {
            future.get();
        }
        producer.commitTransaction();
    }

    private static Map<String, Object> settings(String bootstrapServers, String transactionalId) {
        return Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                10_000,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                2,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 << 10,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class);
    }

    private record Write(ProducerRecord<byte[], byte[]> entry, CompletableFuture<@Nullable Void> answer) {}
}
