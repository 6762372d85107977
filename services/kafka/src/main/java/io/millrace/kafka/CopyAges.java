package io.millrace.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds out when copies lacked nothing. One request shows the ends of all partitions. A copy that has not got to its end may
 * lack nothing all the same: what lies between may be markers of transactions, and aborted records. So that is read, once for
 * each end that is not moving.
 */
final class CopyAges {
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration READING = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(100);
    /** Who has so much before it lacks something, most likely. */
    private static final long FAR = 64;

    private final Admin admin;
    private final Readers readers;
    private final InstantSource clock;

    CopyAges(Admin admin, Readers readers, InstantSource clock) {
        this.admin = admin;
        this.readers = readers;
        this.clock = clock;
    }

    /** Looks once. Blocks for some seconds at most; if nobody answers, the copies grow older. */
    void look(Map<TopicPartition, CopyPlace> places) throws InterruptedException {
        // Before asking: whatever is acknowledged later need not be behind these ends.
        long atMs = clock.millis();
        Map<TopicPartition, Long> open = new HashMap<>();
        ends(places).forEach((at, end) -> {
            CopyPlace place = places.get(at);
            if (place != null) {
                place.end(atMs, end.offset());
                if (place.isOpen(end.offset()) && end.offset() - place.applied() <= FAR) {
                    open.put(at, end.offset());
                }
            }
        });
        if (!open.isEmpty()) {
            readers.read("what copies lack", consumer -> read(consumer, open, places));
        }
    }

    /** Uncommitted ones, for a transaction counts as soon as it is decided, before its marker is written. */
    private Map<TopicPartition, ListOffsetsResultInfo> ends(Map<TopicPartition, CopyPlace> places)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        places.keySet().forEach(at -> wanted.put(at, OffsetSpec.latest()));
        try {
            ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
            return admin.listOffsets(wanted, options.timeoutMs((int) ANSWER.toMillis()))
                    .all()
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return Map.of();
        }
    }

    private static void read(
            Consumer<byte[], byte @Nullable []> consumer,
            Map<TopicPartition, Long> open,
            Map<TopicPartition, CopyPlace> places) {
        Map<TopicPartition, Long> applied = new HashMap<>();
        open.keySet().forEach(at -> {
            CopyPlace place = places.get(at);
            if (place != null) {
                applied.put(at, place.applied());
            }
        });
        consumer.assign(applied.keySet());
        applied.forEach((at, offset) -> consumer.seek(at, offset + 1));
        long deadlineNs = System.nanoTime() + READING.toNanos();
        while (!applied.isEmpty() && System.nanoTime() - deadlineNs < 0) {
            // A record that is there is lacked: whether it has come meanwhile is seen the next time.
            applied.keySet().removeAll(consumer.poll(POLL).partitions());
            applied.entrySet().removeIf(each -> {
                long next = open.getOrDefault(each.getKey(), Long.MAX_VALUE);
                CopyPlace place = places.get(each.getKey());
                boolean quiet = place != null && consumer.position(each.getKey()) >= next;
                if (quiet && place != null) {
                    place.quiet(each.getValue(), next);
                }
                return quiet;
            });
            consumer.assign(applied.keySet());
        }
    }
}
