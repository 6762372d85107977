package io.millrace.kafka;

import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.port.Tail.Listener;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import io.millrace.kafka.ToldCodec.UnreadableException;
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
     * @param through the last offset it includes: at or after that of the last record
     * @throws UnreadableException at the first record that is none of ours; those before it have been told
     */
    void read(TopicPartition at, List<ConsumerRecord<byte[], byte @Nullable []>> records, long through) {
        Source source = at.topic().equals(events) ? Source.EVENT : Source.CHANGE;
        List<Told> batch = new ArrayList<>(records.size());
        long sound = -1;
        UnreadableException unreadable = null;
        for (ConsumerRecord<byte[], byte @Nullable []> record : records) {
            try {
                Told told = ToldCodec.decode(source, record);
                if (told != null) {
                    batch.add(told);
                }
                sound = record.offset();
            } catch (UnreadableException e) {
                unreadable = e;
                break;
            }
        }
        if (unreadable == null) {
            listener.told(at.partition(), new Batch(source, batch, through));
            return;
        }
        if (sound >= 0) {
            listener.told(at.partition(), new Batch(source, batch, sound));
        }
        throw unreadable;
    }
}
