package io.millrace.kafka;

import io.millrace.core.value.Json;
import io.millrace.engine.port.ClusterLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the cluster topic from its beginning, on a thread of its own. An outage of the brokers only delays it; after any
 * other failure it reads everything once more.
 */
final class ClusterReader implements ClusterLog.Following {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReader.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration STOPPING = Duration.ofSeconds(2);

    private final String topic;
    private final Supplier<CompletionStage<Void>> open;
    private final ClientSettings settings;
    private final ClientMetrics metrics;
    private final ClusterLog.Listener listener;
    private final Consumer<ClusterReader> ended;
    private final Thread thread;
    private boolean caughtUp;
    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<byte @Nullable [], byte @Nullable []> reading;

    /**
     * Follows nothing before {@link #start}.
     *
     * @param open has the topic
     * @param ended told when it reads no more
     */
    ClusterReader(
            String topic,
            Supplier<CompletionStage<Void>> open,
            ClientSettings settings,
            ClientMetrics metrics,
            ClusterLog.Listener listener,
            Consumer<ClusterReader> ended) {
        this.topic = topic;
        this.open = open;
        this.settings = settings;
        this.metrics = metrics;
        this.listener = listener;
        this.ended = ended;
        this.thread = Thread.ofPlatform().name("millrace-cluster").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        boolean failing = false;
        try {
            while (!closed) {
                try {
                    open.get().toCompletableFuture().get(settings.callTimeout().toMillis(), TimeUnit.MILLISECONDS);
                    failing = false;
                    readOn();
                } catch (WakeupException e) {
                    // Closed.
                } catch (InterruptException e) {
                    return;
                } catch (KafkaException | ExecutionException | TimeoutException e) {
                    if (!failing) {
                        LOG.atWarn()
                                .addKeyValue("reason", Cluster.reason(e))
                                .log("cluster topic cannot be read, begins again");
                    }
                    failing = true;
                    Thread.sleep(PAUSE);
                } catch (RuntimeException e) {
                    // A node that knows of no others, and nobody notices, would be worse than one that tries again.
                    LOG.atError().setCause(e).log("cluster topic was not read by a bug, begins again");
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.accept(this);
        }
    }

    /** Reads from the beginning until that fails. */
    private void readOn() {
        KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer = new KafkaConsumer<>(settings.reader("cluster"));
        ClientMetrics.Source source = metrics.add(consumer::metrics);
        try {
            reading = consumer;
            List<TopicPartition> all = KnownPartitions.of(consumer, topic, settings.callTimeout());
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> left = new HashMap<>(consumer.endOffsets(all));
            while (!closed) {
                // By position: what lies last may have been compacted away.
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
                if (left.isEmpty() && !caughtUp) {
                    caughtUp = true;
                    listener.caughtUp();
                }
                for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : consumer.poll(POLL)) {
                    tell(record);
                }
            }
        } finally {
            reading = null;
            source.close();
            consumer.close(CloseOptions.timeout(Duration.ZERO)); // it belongs to no group
        }
    }

    private void tell(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        byte[] key = record.key();
        byte[] value = record.value();
        if (key == null) {
            return;
        }
        try {
            listener.told(new String(key, StandardCharsets.UTF_8), value == null ? null : Json.ofTrusted(value));
        } catch (RuntimeException e) {
            // Or one record that somebody cannot take would keep this node from seeing any other.
            LOG.atError().setCause(e).addKeyValue("offset", record.offset()).log("record of a node was not taken in");
        }
    }

    @Override
    public void close() {
        closed = true;
        KafkaConsumer<byte @Nullable [], byte @Nullable []> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            if (!thread.join(STOPPING)) {
                LOG.atWarn().log("cluster topic was not left in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
