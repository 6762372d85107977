package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer on one thread for all partitions this node's subscribers are in. It keeps its position in memory, so an
 * outage of the brokers costs nothing but time.
 */
final class KafkaTail implements Tail, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTail.class);

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LOOK_UP = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final TailTargets targets = new TailTargets();
    private final String changes;
    private final String events;
    private final int partitions;
    private final Listener listener;
    private final TailReader reader;
    private final Alarm.Listener alarms;
    private final Consumer<byte[], byte @Nullable []> consumer;
    private final ClientMetrics.Source metrics;
    private final Thread thread;
    /** What is followed, by the number of the wish: wished anew, it begins anew. Only for the tail's thread. */
    private final Map<Integer, Long> begun = new HashMap<>();

    /** The next offsets, as far as is told. Only for the tail's thread. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    private long doneRevision = -1;
    private volatile boolean alive;

    KafkaTail(Topics topics, ClientSettings settings, ClientMetrics metrics, Listener listener, Alarm.Listener alarms) {
        this.changes = topics.names().changes(Space.STREAM);
        this.events = topics.names().events();
        this.partitions = topics.partitions(Space.STREAM);
        this.listener = listener;
        this.reader = new TailReader(events, listener);
        this.alarms = alarms;
        this.consumer = new KafkaConsumer<>(settings.reader("tail"));
        this.metrics = metrics.add(consumer::metrics);
        this.thread = Thread.ofPlatform().name("millrace-tail").unstarted(this::run);
    }

    void start() {
        alive = true;
        thread.start();
    }

    boolean isAlive() {
        return alive;
    }

    @Override
    public CompletionStage<Void> follow(int partition) {
        if (partition < 0 || partition >= partitions) {
            throw new IllegalArgumentException(
                    "stream partition: " + partition + " (expected: 0 to " + (partitions - 1) + ")");
        }
        CompletionStage<Void> following = targets.add(partition);
        consumer.wakeup();
        return following;
    }

    @Override
    public void unfollow(int partition) {
        // Without waking the consumer up: a few records more are thrown away.
        targets.remove(partition);
    }

    private void run() {
        boolean failing = false;
        try {
            while (!targets.isClosed()) {
                if (targets.isEmpty()) {
                    // Forgets the positions: who follows again begins at the end, not where we stopped.
                    consumer.unsubscribe();
                    begun.clear();
                    positions.clear();
                }
                targets.awaitAny();
                try {
                    turn();
                    failing = false;
                } catch (WakeupException e) {
                    // Something is to be followed, or we are closing: the next turn sees to it.
                } catch (InterruptException e) {
                    return;
                } catch (KafkaException e) {
                    if (!failing) {
                        LOG.atWarn().addKeyValue("reason", Cluster.reason(e)).log("tail cannot read, tries again");
                    }
                    failing = true;
                    targets.pause(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("tail failed");
            targets.snapshot()
                    .keySet()
                    .forEach(partition -> alarms.raised(new Alarm.TailStopped(partition, "the tail failed: " + e)));
            targets.close();
        } finally {
            alive = false;
        }
    }

    private void turn() {
        long revision = targets.revision();
        if (revision != doneRevision) {
            assign(targets.snapshot());
            doneRevision = revision;
        }
        if (consumer.assignment().isEmpty()) {
            return;
        }
        ConsumerRecords<byte[], byte @Nullable []> records;
        try {
            records = consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            cutOff(e.offsetOutOfRangePartitions().keySet());
            return;
        }
        // Also where nothing is to be told: then there were markers, or records that were never committed.
        records.nextOffsets().forEach((at, next) -> {
            if (isFurther(at, next.offset()) && targets.isWanted(at.partition(), begun.get(at.partition()))) {
                tell(at, records.records(at), next.offset() - 1);
            }
        });
    }

    /** Whether a position is later than the one before, which it replaces: empty answers have positions, too. */
    private boolean isFurther(TopicPartition at, long next) {
        Long before = positions.put(at, next);
        return before == null || next > before;
    }

    /** Keeps the positions of what is followed already; begins at the end of what is new. */
    private void assign(Map<Integer, TailTargets.Wish> wanted) {
        List<TopicPartition> all = new ArrayList<>();
        Set<TopicPartition> added = new HashSet<>();
        wanted.forEach((partition, wish) -> {
            List<TopicPartition> both = List.of(changes(partition), events(partition));
            all.addAll(both);
            if (!isBegun(partition, wish)) {
                added.addAll(both);
            }
        });
        // What is being committed now lies behind these ends, for they are those of committed records.
        Map<TopicPartition, Long> ends = added.isEmpty() ? Map.of() : consumer.endOffsets(added, LOOK_UP);
        consumer.assign(all);
        ends.forEach(this::seek);
        positions.keySet().retainAll(all);
        begun.keySet().retainAll(wanted.keySet());
        wanted.forEach((partition, wish) -> {
            if (!isBegun(partition, wish)) {
                begun.put(partition, wish.number());
                begin(partition, mark(end(ends, changes(partition)), end(ends, events(partition))));
                wish.following().complete(null);
            }
        });
    }

    private boolean isBegun(int partition, TailTargets.Wish wish) {
        Long number = begun.get(partition);
        return number != null && number == wish.number();
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition at) {
        Long end = ends.get(at);
        if (end == null) {
            throw new KafkaException("end of " + at + ": missing (expected: as asked for)");
        }
        return end;
    }

    /** From the next offsets of both topics. */
    private static Mark mark(long nextChange, long nextEvent) {
        return new Mark(nextChange - 1, nextEvent - 1);
    }

    private TopicPartition changes(int partition) {
        return new TopicPartition(changes, partition);
    }

    private TopicPartition events(int partition) {
        return new TopicPartition(events, partition);
    }

    /** Everything after the mark will be told. */
    private void begin(int partition, Mark start) {
        try {
            listener.began(partition, start);
        } catch (RuntimeException e) {
            listenerFailed(partition, e);
        }
    }

    private void tell(TopicPartition at, List<ConsumerRecord<byte[], byte @Nullable []>> records, long through) {
        try {
            reader.read(at, records, through);
        } catch (ToldCodec.UnreadableException e) {
            alarms.raised(new Alarm.UnreadableRecord(at.topic(), at.partition(), e.offset(), e.reason()));
            stop(at.partition(), "record " + at + "@" + e.offset() + " cannot be read");
        } catch (RuntimeException e) {
            listenerFailed(at.partition(), e);
        }
    }

    /** It has missed something: going on would be a gap. */
    private void listenerFailed(int partition, RuntimeException failure) {
        LOG.atError().setCause(failure).addKeyValue("partition", partition).log("tail listener failed");
        alarms.raised(new Alarm.TailStopped(partition, "its listener failed: " + failure));
        stop(partition, "its listener failed");
    }

    /** Our position is gone: the topic was deleted, or we were away for longer than events are kept. */
    private void cutOff(Set<TopicPartition> gone) {
        for (TopicPartition at : gone) {
            if (at.topic().equals(events)) {
                LOG.atWarn().addKeyValue("partition", at.partition()).log("events expired before they were read");
                beginAtOldest(at);
            } else {
                String reason = "changes were deleted before they were read";
                alarms.raised(new Alarm.TailStopped(at.partition(), reason));
                stop(at.partition(), reason);
            }
        }
    }

    /** Events from the oldest there is, changes from where they are: what was skipped shows by a new beginning. */
    private void beginAtOldest(TopicPartition at) {
        long oldest = end(consumer.beginningOffsets(List.of(at), LOOK_UP), at);
        seek(at, oldest);
        if (targets.isWanted(at.partition(), begun.get(at.partition()))) {
            begin(at.partition(), mark(consumer.position(changes(at.partition()), LOOK_UP), oldest));
        }
    }

    private void seek(TopicPartition at, long offset) {
        consumer.seek(at, offset);
        positions.put(at, offset);
    }

    private void stop(int partition, String reason) {
        targets.stop(partition, reason);
    }

    @Override
    public void close() {
        targets.close();
        if (thread.getState() == Thread.State.NEW) {
            closeConsumer();
            return;
        }
        consumer.wakeup();
        try {
            if (thread.join(Duration.ofSeconds(10))) {
                closeConsumer();
            } else {
                LOG.atWarn().log("tail did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeConsumer() {
        metrics.close();
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
