package io.millrace.kafka;

import io.millrace.engine.port.ConsumerGroups.Listener;
import io.millrace.engine.port.ConsumerGroups.Membership;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member of a consumer group, on a thread of its own. */
final class GroupMember implements Membership {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

    /** Also how long what is done with may wait to be written. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LEAVING = Duration.ofSeconds(2);

    private final String group;
    private final Set<String> topics;
    private final Listener listener;
    private final Means means;
    private final CompletionStage<Void> after;
    private final Thread thread;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final GroupProgress progress;
    private final Set<TopicPartition> toPause = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Consumer<byte[], byte @Nullable []> consumer;
    private volatile boolean leaving;
    private volatile long lag;

    /** What all members have in common. */
    record Means(Names names, ClientSettings settings, GroupPlaces places, Alarm.Listener alarms) {}

    /** Joins once {@code after} is complete. */
    GroupMember(String group, Set<String> topics, Listener listener, Means means, CompletionStage<Void> after) {
        this.group = group;
        this.topics = topics;
        this.listener = listener;
        this.means = means;
        this.after = after;
        this.progress = new GroupProgress(group, means.names(), means.places());
        this.thread = Thread.ofPlatform().name(group).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    CompletionStage<Void> left() {
        return left.minimalCompletionStage();
    }

    @Override
    public void done(TopicPartition at, long nextOffset) {
        progress.done(at, nextOffset);
    }

    @Override
    public void pause(TopicPartition at) {
        toPause.add(at);
    }

    @Override
    public void resume(TopicPartition at) {
        if (toPause.remove(at)) {
            wakeup();
        }
    }

    @Override
    public long lag() {
        return lag;
    }

    @Override
    public CompletionStage<Void> leave() {
        leaving = true;
        wakeup();
        return left();
    }

    private void wakeup() {
        Consumer<byte[], byte @Nullable []> reading = consumer;
        if (reading != null && !Thread.currentThread().equals(thread)) {
            reading.wakeup();
        }
    }

    @Override
    public void close() {
        try {
            leave().toCompletableFuture().get(2 * LEAVING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.atWarn().addKeyValue("group", group).log("group was not left in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            after.toCompletableFuture().join();
            Consumer<byte[], byte @Nullable []> opened = open();
            if (opened != null) {
                try (opened) {
                    read(opened);
                    release(opened);
                    opened.close(CloseOptions.timeout(LEAVING)
                            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
                }
            }
        } catch (InterruptException | InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CompletionException | KafkaException e) {
            LOG.atWarn()
                    .addKeyValue("group", group)
                    .addKeyValue("reason", Cluster.reason(e))
                    .log("group not left");
        } finally {
            left.complete(null);
        }
    }

    private @Nullable Consumer<byte[], byte @Nullable []> open() throws InterruptedException {
        while (!leaving) {
            try {
                Consumer<byte[], byte @Nullable []> opened =
                        new KafkaConsumer<>(means.settings().member(group));
                opened.subscribe(topics, new Assignments(opened));
                consumer = opened;
                return opened;
            } catch (KafkaException e) {
                LOG.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue("reason", Cluster.reason(e))
                        .log("cannot join");
                Thread.sleep(PAUSE);
            }
        }
        return null;
    }

    private void read(Consumer<byte[], byte @Nullable []> reading) throws InterruptedException {
        boolean failing = false;
        while (!leaving) {
            try {
                turn(reading);
                failing = false;
            } catch (WakeupException e) {
                // To be resumed or closed: the next turn sees to it.
            } catch (OffsetOutOfRangeException e) {
                cutOff(reading, e.offsetOutOfRangePartitions().keySet());
            } catch (NoOffsetForPartitionException e) {
                // Deleted under our hands, or the topic has grown: whatever is there has not been handled.
                reading.seekToBeginning(e.partitions());
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                if (!failing) {
                    LOG.atWarn()
                            .addKeyValue("group", group)
                            .addKeyValue("reason", Cluster.reason(e))
                            .log("group cannot read, tries again");
                }
                failing = true;
                Thread.sleep(PAUSE);
            }
        }
    }

    private void turn(Consumer<byte[], byte @Nullable []> reading) {
        pauseAndResume(reading);
        ConsumerRecords<byte[], byte @Nullable []> records = reading.poll(POLL);
        for (org.apache.kafka.common.TopicPartition at : records.partitions()) {
            received(at, records.records(at));
        }
        progress.write(reading);
        long unread = 0;
        for (org.apache.kafka.common.TopicPartition at : reading.assignment()) {
            unread += reading.currentLag(at).orElse(0);
        }
        lag = unread;
    }

    private void received(
            org.apache.kafka.common.TopicPartition at, List<ConsumerRecord<byte[], byte @Nullable []>> records) {
        TopicPartition ours = means.names().ours(at);
        progress.brought(ours, records.getFirst().offset());
        List<Received> batch = new ArrayList<>(records.size());
        records.forEach(record -> batch.add(RecordCodec.received(ours, record)));
        listener.received(ours, batch);
    }

    private void pauseAndResume(Consumer<byte[], byte @Nullable []> reading) {
        Set<org.apache.kafka.common.TopicPartition> wanted = new HashSet<>();
        toPause.forEach(at -> wanted.add(means.names().inKafka(at)));
        Set<org.apache.kafka.common.TopicPartition> assigned = reading.assignment();
        wanted.retainAll(assigned);
        Set<org.apache.kafka.common.TopicPartition> paused = reading.paused();
        if (!wanted.equals(paused)) {
            Set<org.apache.kafka.common.TopicPartition> resumed = new HashSet<>(paused);
            resumed.removeAll(wanted);
            reading.resume(resumed);
            reading.pause(wanted);
        }
    }

    /** What the group has not read is gone: the topic keeps it no longer. */
    private void cutOff(Consumer<byte[], byte @Nullable []> reading, Set<org.apache.kafka.common.TopicPartition> gone) {
        for (org.apache.kafka.common.TopicPartition at : gone) {
            if (at.topic().equals(means.names().events())) {
                LOG.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue("partition", at.partition())
                        .log("events expired before the group read them");
            } else {
                means.alarms().raised(new Alarm.GroupOvertaken(group, at.topic(), at.partition()));
            }
        }
        reading.seekToBeginning(gone);
    }

    /** Gives up everything it has, and writes how far it got. */
    private void release(Consumer<byte[], byte @Nullable []> reading) {
        release(reading, reading.assignment());
    }

    private void release(
            Consumer<byte[], byte @Nullable []> reading,
            Collection<org.apache.kafka.common.TopicPartition> partitions) {
        for (org.apache.kafka.common.TopicPartition at : partitions) {
            listener.revoked(means.names().ours(at), false);
        }
        try {
            progress.writeNow(reading, partitions, LEAVING);
        } catch (WakeupException e) {
            progress.writeNow(reading, partitions, LEAVING);
        } catch (KafkaException e) {
            // Whoever is next does some of it again.
            LOG.atInfo()
                    .addKeyValue("group", group)
                    .addKeyValue("reason", Cluster.reason(e))
                    .log("place not written");
        }
        forget(partitions);
    }

    private void forget(Collection<org.apache.kafka.common.TopicPartition> partitions) {
        for (org.apache.kafka.common.TopicPartition at : partitions) {
            progress.forget(means.names().ours(at));
            toPause.remove(means.names().ours(at));
        }
    }

    /** Tells the listener which partitions come and go. */
    private final class Assignments implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte @Nullable []> reading;

        private Assignments(Consumer<byte[], byte @Nullable []> reading) {
            this.reading = reading;
        }

        @Override
        public void onPartitionsAssigned(Collection<org.apache.kafka.common.TopicPartition> partitions) {
            partitions.forEach(
                    at -> listener.assigned(GroupMember.this, means.names().ours(at)));
        }

        @Override
        public void onPartitionsRevoked(Collection<org.apache.kafka.common.TopicPartition> partitions) {
            if (!leaving && !partitions.isEmpty()) {
                release(reading, partitions);
            }
        }

        @Override
        public void onPartitionsLost(Collection<org.apache.kafka.common.TopicPartition> partitions) {
            partitions.forEach(at -> listener.revoked(means.names().ours(at), true));
            forget(partitions);
        }
    }
}
