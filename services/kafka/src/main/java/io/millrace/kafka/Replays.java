package io.millrace.kafka;

import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog.Visitor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ends of partitions for new owners. A node that starts takes many partitions at once, so a few consumers are
 * shared and kept for a while.
 */
final class Replays implements AutoCloseable {
    /** These last offsets are always read: so many records of a quiet partition are cheap, and a retry may be older. */
    static final int ALWAYS = 2_000;

    private static final int CONSUMERS = 4;
    private static final Duration POLL = Duration.ofMillis(100);

    private final ClientSettings settings;
    private final ClientMetrics metrics;
    private final Semaphore permits = new Semaphore(CONSUMERS, true);
    private final Deque<Reader> idle = new ArrayDeque<>();
    private boolean closed;

    Replays(ClientSettings settings, ClientMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    /** See {@link io.millrace.engine.port.PartitionLog#replay}. */
    void replay(TopicPartition at, long sinceMs, int maxRecords, long through, Visitor visitor) {
        boolean permitted = false;
        try {
            permitted = permits.tryAcquire(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!permitted) {
                throw new LogUnavailableException(
                        at + " cannot be read now: too many partitions are being read", new IllegalStateException());
            }
            replayPermitted(at, sinceMs, maxRecords, through, visitor);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException(at + " cannot be read now: interrupted", e);
        } finally {
            if (permitted) {
                permits.release();
            }
        }
    }

    private void replayPermitted(TopicPartition at, long sinceMs, int maxRecords, long through, Visitor visitor) {
        Reader reader = borrow();
        boolean sound = false;
        try {
            reader.read(at, sinceMs, maxRecords, through, visitor);
            sound = true;
        } catch (KafkaException e) {
            throw new LogUnavailableException(at + " cannot be read now: " + e.getMessage(), e);
        } finally {
            giveBack(reader, sound);
        }
    }

    private synchronized Reader borrow() {
        if (closed) {
            throw new LogUnavailableException("shutting down", new IllegalStateException("closed"));
        }
        Reader reader = idle.poll();
        return reader == null ? new Reader() : reader;
    }

    private synchronized void giveBack(Reader reader, boolean sound) {
        if (sound && !closed) {
            idle.push(reader);
        } else {
            reader.close();
        }
    }

    /** Closes the consumers that have not been needed lately. */
    synchronized void closeIdle(Duration unusedFor) {
        long beforeNs = System.nanoTime() - unusedFor.toNanos();
        idle.removeIf(reader -> {
            boolean old = reader.usedNs - beforeNs < 0;
            if (old) {
                reader.close();
            }
            return old;
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(Reader::close);
        idle.clear();
    }

    /** One consumer. */
    private final class Reader implements AutoCloseable {
        private final Consumer<byte[], byte @Nullable []> consumer;
        private final ClientMetrics.Source source;
        private long usedNs = System.nanoTime();

        Reader() {
            Map<String, Object> config = settings.reader("replay");
            config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
            // Where somebody has deleted the beginning by hand.
            config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
            this.consumer = new KafkaConsumer<>(config);
            this.source = metrics.add(consumer::metrics);
        }

        void read(TopicPartition at, long sinceMs, int maxRecords, long through, Visitor visitor) {
            consumer.assign(List.of(at));
            consumer.seek(at, start(at, sinceMs, maxRecords, through));
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
            usedNs = System.nanoTime();
        }

        private long deadlineNs() {
            return System.nanoTime() + settings.callTimeout().toNanos();
        }

        /** Where to begin; compaction may have left fewer records than offsets, never more. */
        private long start(TopicPartition at, long sinceMs, int maxRecords, long through) {
            long always = through - ALWAYS + 1;
            long earliest = through - maxRecords + 1L;
            long start = always <= 0 || earliest >= always ? always : Math.min(always, since(at, sinceMs, through));
            return Math.max(0, Math.max(start, earliest));
        }

        private long since(TopicPartition at, long sinceMs, long through) {
            OffsetAndTimestamp found =
                    consumer.offsetsForTimes(Map.of(at, Math.max(0, sinceMs))).get(at);
            return found == null ? through : found.offset();
        }

        private ChangeRecord decoded(ConsumerRecord<byte[], byte @Nullable []> record) {
            try {
                return RecordCodec.decode(record);
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(
                        "record " + record.topic() + "-" + record.partition() + "@" + record.offset()
                                + " cannot be read: " + e.getMessage(),
                        e);
            }
        }

        @Override
        public void close() {
            source.close();
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
        }
    }
}
