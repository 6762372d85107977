package io.millrace.kafka;

import io.millrace.engine.port.Received;
import io.millrace.engine.port.Tap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
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

/** One consumer on one thread for all who listen to the ends of topics. It keeps its position in memory. */
final class KafkaTap implements Tap, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaTap.class);

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LOOK_UP = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Names names;
    private final Consumer<byte[], byte @Nullable []> consumer;
    private final ClientMetrics.Source metrics;
    private final Thread thread;
    private final List<Listening> listening = new CopyOnWriteArrayList<>();
    private final Object changed = new Object();
    private volatile long revision;
    private long doneRevision;
    private volatile boolean closed;

    /** One who listens. */
    private final class Listening implements Tapping {
        private final Set<String> topics;
        private final Listener listener;
        private final CompletableFuture<Void> following = new CompletableFuture<>();

        private Listening(Set<String> topics, Listener listener) {
            this.topics = Set.copyOf(topics);
            this.listener = listener;
        }

        @Override
        public CompletionStage<Void> following() {
            return following.minimalCompletionStage();
        }

        @Override
        public void close() {
            if (listening.remove(this)) {
                following.completeExceptionally(new CancellationException("listens no more"));
                // Without waking the consumer up: a few records more are thrown away.
                revise();
            }
        }
    }

    KafkaTap(Names names, ClientSettings settings, ClientMetrics metrics) {
        this.names = names;
        this.consumer = new KafkaConsumer<>(settings.reader("tap"));
        this.metrics = metrics.add(consumer::metrics);
        this.thread = Thread.ofPlatform().name("millrace-tap").unstarted(this::run);
    }

    @Override
    public Tapping open(Set<String> topics, Listener listener) {
        Listening added = new Listening(topics, listener);
        synchronized (changed) {
            if (closed) {
                throw new IllegalStateException("tap: closed (expected: open)");
            }
            listening.add(added);
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
        }
        revise();
        consumer.wakeup();
        return added;
    }

    private void revise() {
        synchronized (changed) {
            revision++;
            changed.notifyAll();
        }
    }

    private void run() {
        boolean failing = false;
        try {
            while (awaitAny()) {
                try {
                    turn();
                    failing = false;
                } catch (WakeupException e) {
                    // Somebody else listens, or we are closing: the next turn sees to it.
                } catch (OffsetOutOfRangeException e) {
                    LOG.atWarn().addKeyValue("partitions", e.partitions()).log("records expired before they were read");
                    consumer.seekToBeginning(e.partitions());
                } catch (InterruptException e) {
                    return;
                } catch (KafkaException e) {
                    if (!failing) {
                        LOG.atWarn().addKeyValue("reason", Cluster.reason(e)).log("tap cannot read, tries again");
                    }
                    failing = true;
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Blocks while nobody listens. Returns false when it is closed. */
    private boolean awaitAny() throws InterruptedException {
        synchronized (changed) {
            while (listening.isEmpty() && !closed) {
                // Forgets the positions: who listens next begins at the end, not where we stopped.
                consumer.unsubscribe();
                doneRevision = revision;
                changed.wait();
            }
            return !closed;
        }
    }

    private void turn() {
        long seen = revision;
        if (seen != doneRevision) {
            List<Listening> all = List.copyOf(listening);
            assign(all);
            doneRevision = seen;
            all.forEach(each -> each.following.complete(null));
        }
        if (consumer.assignment().isEmpty()) {
            return;
        }
        ConsumerRecords<byte[], byte @Nullable []> records = consumer.poll(POLL);
        for (TopicPartition at : records.partitions()) {
            io.millrace.engine.port.TopicPartition ours = names.ours(at);
            for (ConsumerRecord<byte[], byte @Nullable []> record : records.records(at)) {
                tell(RecordCodec.received(ours, record));
            }
        }
    }

    private void assign(List<Listening> all) {
        Set<String> topics = new TreeSet<>();
        all.forEach(each -> topics.addAll(each.topics));
        List<TopicPartition> wanted = new ArrayList<>();
        for (String topic : topics) {
            wanted.addAll(KnownPartitions.of(consumer, names.of(topic), LOOK_UP));
        }
        Set<TopicPartition> added = new HashSet<>(wanted);
        added.removeAll(consumer.assignment());
        // What is being committed now lies behind these ends, for they are those of committed records.
        Map<TopicPartition, Long> ends = added.isEmpty() ? Map.of() : consumer.endOffsets(added, LOOK_UP);
        consumer.assign(wanted);
        ends.forEach(consumer::seek);
    }

    private void tell(Received record) {
        for (Listening each : listening) {
            if (each.topics.contains(record.at().topic())) {
                try {
                    each.listener.told(record);
                } catch (RuntimeException e) {
                    LOG.atError()
                            .setCause(e)
                            .addKeyValue("partition", record.at())
                            .addKeyValue("offset", record.offset())
                            .log("tap listener failed");
                }
            }
        }
    }

    @Override
    public void close() {
        boolean started;
        synchronized (changed) {
            closed = true;
            started = thread.getState() != Thread.State.NEW;
            changed.notifyAll();
        }
        listening.forEach(Listening::close);
        consumer.wakeup();
        try {
            if (!started || thread.join(CLOSING)) {
                metrics.close();
                consumer.close(CloseOptions.timeout(Duration.ZERO));
            } else {
                LOG.atWarn().log("tap did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
