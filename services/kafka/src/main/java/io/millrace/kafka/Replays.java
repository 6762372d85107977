package io.millrace.kafka;

import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog.Visitor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ends of partitions for new owners. A node that starts takes many partitions at once, so a few consumers are
 * shared.
 */
final class Replays {
    /** These last offsets are always read: so many records of a quiet partition are cheap, and a retry may be older. */
    static final int ALWAYS = 2_000;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Readers readers;
    private final Duration callTimeout;

    /** Their consumers must begin at the earliest record where somebody has deleted the beginning by hand. */
    Replays(Readers readers, Duration callTimeout) {
        this.readers = readers;
        this.callTimeout = callTimeout;
    }

    /** See {@link io.millrace.engine.port.PartitionLog#replay}. */
    void replay(TopicPartition at, long sinceMs, int maxRecords, long through, Visitor visitor) {
        readers.read(at.toString(), consumer -> read(consumer, at, sinceMs, maxRecords, through, visitor));
    }

    private void read(
            Consumer<byte[], byte @Nullable []> consumer,
            TopicPartition at,
            long sinceMs,
            int maxRecords,
            long through,
            Visitor visitor) {
        consumer.assign(List.of(at));
        consumer.seek(at, start(consumer, at, sinceMs, maxRecords, through));
        long seen = -1;
        long deadlineNs = deadlineNs();
        // Not until a record at `through` is seen: what counts is that nothing at or before it is left.
        while (consumer.position(at) <= through) {
            for (ConsumerRecord<byte[], byte @Nullable []> record :
                    consumer.poll(POLL).records(at)) {
                if (record.offset() <= through) {
                    visitor.visit(record.offset(), decoded(record));
                }
            }
            long position = consumer.position(at);
            if (position > seen) {
                seen = position;
                deadlineNs = deadlineNs();
            } else if (System.nanoTime() - deadlineNs > 0) {
                throw new LogUnavailableException(
                        at + " cannot be read through " + through + " now: stuck at " + position,
                        new IllegalStateException("no progress"));
            }
        }
    }

    private long deadlineNs() {
        return System.nanoTime() + callTimeout.toNanos();
    }

    /** Where to begin; compaction may have left fewer records than offsets, never more. */
    private static long start(
            Consumer<byte[], byte @Nullable []> consumer,
            TopicPartition at,
            long sinceMs,
            int maxRecords,
            long through) {
        long always = through - ALWAYS + 1;
        long earliest = through - maxRecords + 1L;
        long start =
                always <= 0 || earliest >= always ? always : Math.min(always, since(consumer, at, sinceMs, through));
        return Math.max(0, Math.max(start, earliest));
    }

    private static long since(
            Consumer<byte[], byte @Nullable []> consumer, TopicPartition at, long sinceMs, long through) {
        OffsetAndTimestamp found =
                consumer.offsetsForTimes(Map.of(at, Math.max(0, sinceMs))).get(at);
        return found == null ? through : found.offset();
    }

    private static ChangeRecord decoded(ConsumerRecord<byte[], byte @Nullable []> record) {
        try {
            return RecordCodec.decode(record);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "record " + record.topic() + "-" + record.partition() + "@" + record.offset() + " cannot be read: "
                            + e.getMessage(),
                    e);
        }
    }
}
