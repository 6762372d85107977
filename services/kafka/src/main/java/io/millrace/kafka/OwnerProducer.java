package io.millrace.kafka;

import io.millrace.core.change.ChangeRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** One transactional producer with a fixed id. After any exception it is only good for closing. */
final class OwnerProducer implements AutoCloseable {
    private final Producer<byte[], byte @Nullable []> producer;
    private final ClientMetrics.Source metrics;

    /** Connects to nobody yet. */
    OwnerProducer(ClientSettings settings, ClientMetrics metrics, String transactionalId) {
        this.producer = new KafkaProducer<>(settings.owner(transactionalId));
        this.metrics = metrics.add(producer::metrics);
    }

    /** Fences every other producer with this id and aborts what it left open. */
    void fence() {
        producer.initTransactions();
    }

    /** Begins a transaction and has all records in the log when it returns. */
    long[] append(TopicPartition at, List<ChangeRecord> records, long nowMs) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (ChangeRecord record : records) {
            sent.add(producer.send(RecordCodec.encode(at, record, nowMs)));
        }
        // Never commit unflushed: the producer may then send the end of the transaction before its last records.
        producer.flush();
        long[] offsets = new long[sent.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = offset(sent.get(i));
        }
        return offsets;
    }

    /** What flush() does not tell: whether each record really got there. */
    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException("send failed", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    void commit() {
        producer.commitTransaction();
    }

    /** Gives up at once. What is not committed is aborted by the next owner's fence, or by the brokers' time-out. */
    @Override
    public void close() {
        metrics.close();
        // An interrupted owner still has to be closed, and closing joins the producer's thread.
        boolean interrupted = Thread.interrupted();
        try {
            producer.close(Duration.ZERO);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
