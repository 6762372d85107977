package io.millrace.kafka;

import io.millrace.engine.port.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a member has got, and how much of that stands in the cluster. Written by its thread, several at a time. */
final class GroupProgress {
    private static final Logger LOG = LoggerFactory.getLogger(GroupProgress.class);

    private static final long BETWEEN_NS = Duration.ofMillis(100).toNanos();
    /** A group in use says so, though nothing happens, long before it would count as unused. */
    private static final long REFRESH_NS = Duration.ofHours(1).toNanos();

    private final String group;
    private final Names names;
    private final GroupPlaces places;

    /** Told from any thread. */
    private final Map<TopicPartition, Long> done = new ConcurrentHashMap<>();
    /** The first offset that was brought. */
    private final Map<TopicPartition, Long> first = new HashMap<>();

    private final Map<TopicPartition, Long> written = new HashMap<>();
    private long wroteNs = System.nanoTime() - BETWEEN_NS;
    private long refreshedNs = System.nanoTime();
    private boolean writing;

    GroupProgress(String group, Names names, GroupPlaces places) {
        this.group = group;
        this.names = names;
        this.places = places;
    }

    void done(TopicPartition at, long nextOffset) {
        done.merge(at, nextOffset, Math::max);
    }

    void brought(TopicPartition at, long offset) {
        first.putIfAbsent(at, offset);
    }

    void forget(TopicPartition at) {
        done.remove(at);
        first.remove(at);
        written.remove(at);
    }

    /** Writes what is new, without waiting, unless that was done a moment ago. */
    void write(Consumer<byte[], byte @Nullable []> consumer) {
        long nowNs = System.nanoTime();
        boolean refresh = nowNs - refreshedNs >= REFRESH_NS;
        if (writing || (nowNs - wroteNs < BETWEEN_NS && !refresh)) {
            return;
        }
        Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata> news =
                places(consumer, consumer.assignment(), refresh);
        if (news.isEmpty()) {
            return;
        }
        wroteNs = nowNs;
        refreshedNs = refresh ? nowNs : refreshedNs;
        writing = true;
        consumer.commitAsync(news, (places, failure) -> {
            writing = false;
            if (failure == null) {
                wrote(places);
            } else {
                LOG.atDebug()
                        .addKeyValue("group", group)
                        .addKeyValue("reason", Cluster.reason(failure))
                        .log("place not written, tries again");
            }
        });
    }

    /** Writes how far the partitions are, also if that is known, since it says when the group was in use. */
    void writeNow(
            Consumer<byte[], byte @Nullable []> consumer,
            Collection<org.apache.kafka.common.TopicPartition> partitions,
            Duration patience) {
        Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata> all = places(consumer, partitions, true);
        if (!all.isEmpty()) {
            consumer.commitSync(all, patience);
            wrote(all);
        }
    }

    private void wrote(Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata> all) {
        all.forEach((at, place) -> written.put(names.ours(at), place.offset()));
    }

    private Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata> places(
            Consumer<byte[], byte @Nullable []> consumer,
            Collection<org.apache.kafka.common.TopicPartition> partitions,
            boolean known) {
        Map<org.apache.kafka.common.TopicPartition, OffsetAndMetadata> all = new HashMap<>();
        for (org.apache.kafka.common.TopicPartition at : partitions) {
            TopicPartition ours = names.ours(at);
            Long next = done.get(ours);
            if (next != null && !next.equals(written.get(ours))) {
                all.put(at, places.place(next));
            } else if (known) {
                Long place = next == null ? place(consumer, at) : next;
                if (place != null) {
                    all.put(at, places.place(place));
                }
            }
        }
        return all;
    }

    /** Where a partition stands of which nothing is done: where the first record was, or where it waits for one. */
    private @Nullable Long place(
            Consumer<byte[], byte @Nullable []> consumer, org.apache.kafka.common.TopicPartition at) {
        Long brought = first.get(names.ours(at));
        if (brought != null) {
            return brought;
        }
        try {
            return consumer.position(at, Duration.ZERO);
        } catch (KafkaException | IllegalStateException e) {
            return null; // not known yet, so nothing has changed
        }
    }
}
