package io.millrace.kafka;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.port.MessageLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages on one topic: the key is the pub/sub topic, the value the data. Every node follows the ends with a consumer of its
 * own, from the first time somebody on it listens.
 */
final class KafkaMessages implements MessageLog, AutoCloseable {
    static final String TRACE_PARENT = "traceparent";
    static final String BAGGAGE = "baggage";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaMessages.class);

    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LOOK_UP = Duration.ofSeconds(2);
    private static final long PAUSE_MS = 200;

    private final String topic;
    private final SideTopics.Kind kind;
    private final Appender appender;
    private final ClientSettings settings;
    private final ClientMetrics metrics;
    private final JsonReader reader = new JsonReader(JsonReader.MAX_DEPTH);
    private final CompletableFuture<Void> following = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile @Nullable KafkaConsumer<byte[], byte @Nullable []> consumer;

    KafkaMessages(Names names, int partitions, Appender appender, ClientSettings settings, ClientMetrics metrics) {
        this.topic = names.messages();
        this.kind = new SideTopics.Kind(partitions, KEPT, SideTopics.Cleanup.DELETE);
        this.appender = appender;
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, RecordCodec.utf8(message.topic()), message.data().utf8());
        add(record.headers(), TRACE_PARENT, message.traceParent());
        add(record.headers(), BAGGAGE, message.baggage());
        return appender.append(kind, record);
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, RecordCodec.utf8(value));
        }
    }

    @Override
    public synchronized CompletionStage<Void> follow(Consumer<Message> told) {
        if (thread == null && closed.getCount() > 0) {
            thread = Thread.ofPlatform().name("millrace-messages").start(() -> run(told));
        }
        return following.minimalCompletionStage();
    }

    private void run(Consumer<Message> told) {
        KafkaConsumer<byte[], byte @Nullable []> reading = new KafkaConsumer<>(settings.reader("messages"));
        consumer = reading;
        ClientMetrics.Source measured = metrics.add(reading::metrics);
        try {
            follow(reading, told);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("messages are followed no longer");
            following.completeExceptionally(e);
        } finally {
            measured.close();
            reading.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private void follow(KafkaConsumer<byte[], byte @Nullable []> reading, Consumer<Message> told) {
        boolean failing = false;
        boolean assigned = false;
        while (closed.getCount() > 0) {
            try {
                if (!assigned) {
                    assigned = assign(reading);
                } else {
                    for (ConsumerRecord<byte[], byte @Nullable []> record : reading.poll(POLL)) {
                        tell(record, told);
                    }
                }
                failing = false;
            } catch (WakeupException | InterruptException e) {
                return; // closing
            } catch (OffsetOutOfRangeException e) {
                // We were away for longer than messages are kept.
                LOG.atWarn().log("messages expired before they were read");
                reading.seekToEnd(e.offsetOutOfRangePartitions().keySet());
            } catch (KafkaException e) {
                if (!failing) {
                    LOG.atWarn().addKeyValue("reason", Cluster.reason(e)).log("messages cannot be read, tries again");
                }
                failing = true;
                pause();
            }
        }
    }

    /** Begins at the ends. Says whether that could be done. */
    private boolean assign(KafkaConsumer<byte[], byte @Nullable []> reading) {
        if (!isThere()) {
            pause();
            return false;
        }
        List<TopicPartition> all = KnownPartitions.of(reading, topic, LOOK_UP);
        reading.assign(all);
        reading.endOffsets(all, LOOK_UP).forEach(reading::seek);
        following.complete(null);
        return true;
    }

    private boolean isThere() {
        try {
            appender.open(topic, kind).toCompletableFuture().get(LOOK_UP.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void tell(ConsumerRecord<byte[], byte @Nullable []> record, Consumer<Message> told) {
        byte[] value = record.value();
        if (record.key() == null || value == null) {
            return;
        }
        Json data;
        try {
            // Anybody may write to this topic, so it is not taken for JSON unread.
            data = reader.json(value);
        } catch (MalformedJsonException e) {
            LOG.atWarn()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("message is no JSON, dropped");
            return;
        }
        try {
            told.accept(new Message(
                    new String(record.key(), StandardCharsets.UTF_8),
                    data,
                    RecordCodec.text(record.headers(), TRACE_PARENT),
                    RecordCodec.text(record.headers(), BAGGAGE)));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("message could not be told");
        }
    }

    private void pause() {
        try {
            if (closed.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        following.completeExceptionally(new IllegalStateException("messages: closed"));
        Thread running = thread;
        if (running == null) {
            return;
        }
        KafkaConsumer<byte[], byte @Nullable []> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        try {
            if (!running.join(Duration.ofSeconds(5))) {
                LOG.atWarn().log("messages: consumer did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
