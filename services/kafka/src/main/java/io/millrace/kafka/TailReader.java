package io.millrace.kafka;

import io.millrace.core.address.MalformedNameException;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.UnreadableKeyException;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.port.Tail.Listener;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kafka's records as what the listener is told. */
final class TailReader {
    private final String events;
    private final Listener listener;

    TailReader(String events, Listener listener) {
        this.events = events;
        this.listener = listener;
    }

    /**
     * Tells one batch, without tombstones.
     *
     * @throws UnreadableException at the first record whose key says nothing; those before it have been told
     */
    void read(TopicPartition at, List<ConsumerRecord<byte[], byte @Nullable []>> records) {
        Source source = at.topic().equals(events) ? Source.EVENT : Source.CHANGE;
        List<Told> batch = new ArrayList<>(records.size());
        UnreadableException unreadable = null;
        for (ConsumerRecord<byte[], byte @Nullable []> record : records) {
            String fault = fault(record);
            if (fault != null) {
                unreadable = new UnreadableException(record.offset(), fault);
                break;
            }
            byte[] frame = record.value();
            if (frame != null) {
                batch.add(new Told(
                        source,
                        record.offset(),
                        RecordKey.ofBytes(record.key()),
                        Json.ofTrusted(frame),
                        -1,
                        record.timestamp()));
            }
        }
        if (!records.isEmpty()) {
            listener.told(
                    at.partition(), new Batch(source, batch, records.getLast().offset()));
        }
        if (unreadable != null) {
            throw unreadable;
        }
    }

    /** What is wrong with the key, if anything: whoever gets the frame is found by the group in it. */
    private static @Nullable String fault(ConsumerRecord<byte[], byte @Nullable []> record) {
        if (record.key() == null) {
            return "no key";
        }
        RecordKey key = RecordKey.ofBytes(record.key());
        if (key.isBarrier() && record.value() == null) {
            return null;
        }
        try {
            var _ = key.group();
            return null;
        } catch (UnreadableKeyException | MalformedNameException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Where reading has stopped, and why. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final long offset;

        UnreadableException(long offset, String reason) {
            super(reason, null, false, false);
            this.offset = offset;
        }

        long offset() {
            return offset;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
