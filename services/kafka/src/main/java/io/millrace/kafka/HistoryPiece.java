package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.History;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A piece of a stream partition that is read once: what both topics hold between two marks. */
final class HistoryPiece {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Part changes;
    private final Part events;
    private final History.Reader reader;
    private final Duration callTimeout;

    HistoryPiece(Names names, int partition, Mark after, Mark through, History.Reader reader, Duration callTimeout) {
        TopicPartition changed = new TopicPartition(names.changes(Space.STREAM), partition);
        TopicPartition sent = new TopicPartition(names.events(), partition);
        this.changes = new Part(Source.CHANGE, changed, after.change(), through.change());
        this.events = new Part(Source.EVENT, sent, after.event(), through.event());
        this.reader = reader;
        this.callTimeout = callTimeout;
    }

    /** The mark from which on everything was there: the one asked for, or a later one. Known when it has been read. */
    Mark start() {
        return new Mark(changes.start, events.start);
    }

    /**
     * Reads it, which blocks.
     *
     * @param consumer has nothing assigned to it, reads what is committed, and fails where an offset is not there
     * @throws LogUnavailableException if it gets no further
     */
    void read(Consumer<byte[], byte @Nullable []> consumer) {
        List<Part> left = new ArrayList<>(
                Stream.of(changes, events).filter(part -> !part.isRead()).toList());
        if (left.isEmpty()) {
            return;
        }
        consumer.assign(left.stream().map(part -> part.at).toList());
        left.forEach(part -> consumer.seek(part.at, part.next));
        skipWhatIsGone(consumer, left);
        long deadlineNs = deadlineNs();
        while (!withdrawRead(consumer, left)) {
            if (further(consumer, left)) {
                deadlineNs = deadlineNs();
            } else if (System.nanoTime() - deadlineNs > 0) {
                throw stuck(left);
            }
        }
    }

    private long deadlineNs() {
        return System.nanoTime() + callTimeout.toNanos();
    }

    /** Whether nothing is left. What has been read is fetched no further. */
    private static boolean withdrawRead(Consumer<byte[], byte @Nullable []> consumer, List<Part> left) {
        left.removeIf(part -> {
            if (part.isRead()) {
                consumer.pause(List.of(part.at));
            }
            return part.isRead();
        });
        return left.isEmpty();
    }

    /** Whether another part of it has been read, or is known to be gone. */
    private boolean further(Consumer<byte[], byte @Nullable []> consumer, List<Part> left) {
        ConsumerRecords<byte[], byte @Nullable []> records;
        try {
            records = consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            if (!skipWhatIsGone(consumer, left)) {
                throw stuck(left);
            }
            return true;
        }
        boolean further = false;
        for (Part part : left) {
            tell(part, records.records(part.at));
            // Not the last record's: what follows it may be markers, or records that were never committed.
            long position = consumer.position(part.at);
            further |= position > part.next;
            part.next = position;
        }
        return further;
    }

    /** Goes on at the oldest records there are. Whether that is further on. */
    private static boolean skipWhatIsGone(Consumer<byte[], byte @Nullable []> consumer, List<Part> left) {
        Map<TopicPartition, Long> oldest =
                consumer.beginningOffsets(left.stream().map(part -> part.at).toList());
        boolean skipped = false;
        for (Part part : left) {
            long first = Objects.requireNonNullElse(oldest.get(part.at), 0L);
            if (first > part.next) {
                part.next = first;
                part.start = Math.min(first - 1, part.through);
                consumer.seek(part.at, first);
                skipped = true;
            }
        }
        return skipped;
    }

    private void tell(Part part, List<ConsumerRecord<byte[], byte @Nullable []>> records) {
        List<Told> batch = new ArrayList<>(records.size());
        long last = -1;
        for (ConsumerRecord<byte[], byte @Nullable []> record : records) {
            if (record.offset() > part.through) {
                break;
            }
            Told told = decoded(part, record);
            if (told != null) {
                batch.add(told);
            }
            last = record.offset();
        }
        if (last >= 0) {
            reader.read(new Batch(part.source, batch, last));
        }
    }

    private static @Nullable Told decoded(Part part, ConsumerRecord<byte[], byte @Nullable []> record) {
        try {
            return ToldCodec.decode(part.source, record);
        } catch (ToldCodec.UnreadableException e) {
            throw new IllegalStateException(
                    "record " + part.at + "@" + e.offset() + " cannot be read: " + e.reason(), e);
        }
    }

    private LogUnavailableException stuck(List<Part> left) {
        return new LogUnavailableException(
                this + " cannot be read now: stuck at " + left, new IllegalStateException("no progress"));
    }

    @Override
    public String toString() {
        return changes.at + " and " + events.at;
    }

    /** One of the topics. */
    private static final class Part {
        private final Source source;
        private final TopicPartition at;
        private final long through;
        /** The last offset that was there no more, or was not asked for. */
        private long start;

        private long next;

        Part(Source source, TopicPartition at, long after, long through) {
            this.source = source;
            this.at = at;
            this.start = after;
            this.next = after + 1;
            this.through = through;
        }

        /** Not when a record at {@code through} is seen: what counts is that nothing at or before it is left. */
        boolean isRead() {
            return next > through;
        }

        @Override
        public String toString() {
            return at + "@" + next + " (expected: through " + through + ")";
        }
    }
}
