package io.millrace.kafka;

import io.millrace.engine.port.LogUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Appends outside the change topics: idempotent, in no transaction, in order per partition and caller. Kafka's producer
 * blocks when it does not know a topic, so it has a thread to itself and callers never wait.
 */
final class Appender implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    /** Beyond that many appends under way the brokers are too slow or gone, and callers are told so. */
    private static final int MOST_UNDER_WAY = 50_000;

    private final SideTopics topics;
    private final Producer<byte[], byte[]> producer;
    private final ClientMetrics.Source metrics;
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final Map<String, Opening> open = new ConcurrentHashMap<>();
    private final ExecutorService sending = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("millrace-appender").daemon().factory());

    /** Its producer has these settings. */
    Appender(SideTopics topics, Map<String, Object> settings, ClientMetrics metrics) {
        this.topics = topics;
        this.producer = new KafkaProducer<>(settings);
        this.metrics = metrics.add(producer::metrics);
    }

    /**
     * Appends one record.
     *
     * @param kind how the topic is created if it is not there
     * @return completes when all replicas in sync have it; fails with {@link LogUnavailableException}, after which the
     *     record may be in the log or not
     */
    CompletionStage<Void> append(SideTopics.Kind kind, ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Void> appended = new CompletableFuture<>();
        if (!room.tryAcquire()) {
            return CompletableFuture.failedStage(new LogUnavailableException(
                    "append to " + record.topic() + ": " + MOST_UNDER_WAY + " under way (expected: fewer)",
                    new RejectedExecutionException()));
        }
        var _ = appended.whenComplete((done, failure) -> room.release());
        open(kind, record.topic()).then(failure -> {
            if (failure == null) {
                send(record, appended);
            } else {
                appended.completeExceptionally(unavailable(record.topic(), failure));
            }
        });
        return appended.minimalCompletionStage();
    }

    /** Has a topic, so that the first append need not wait for it. */
    CompletionStage<Void> open(String topic, SideTopics.Kind kind) {
        CompletableFuture<Void> there = new CompletableFuture<>();
        open(kind, topic).then(failure -> {
            if (failure == null) {
                there.complete(null);
            } else {
                there.completeExceptionally(unavailable(topic, failure));
            }
        });
        return there.minimalCompletionStage();
    }

    private Opening open(SideTopics.Kind kind, String topic) {
        Opening known = open.get(topic);
        if (known != null) {
            return known;
        }
        Opening opening = new Opening();
        Opening earlier = open.putIfAbsent(topic, opening);
        if (earlier != null) {
            return earlier;
        }
        var _ = topics.ensure(topic, kind).whenComplete((done, failure) -> {
            if (failure != null) {
                // Whoever comes next tries again.
                open.remove(topic, opening);
            }
            opening.opened(failure);
        });
        return opening;
    }

    private void send(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> appended) {
        try {
            sending.execute(() -> {
                try {
                    var _ = producer.send(record, (metadata, failure) -> {
                        if (failure == null) {
                            appended.complete(null);
                        } else {
                            // Somebody may have deleted the topic.
                            open.remove(record.topic());
                            appended.completeExceptionally(unavailable(record.topic(), failure));
                        }
                    });
                } catch (KafkaException | IllegalStateException e) {
                    // Not even queued: no broker known, or closed.
                    appended.completeExceptionally(unavailable(record.topic(), e));
                }
            });
        } catch (RejectedExecutionException e) {
            appended.completeExceptionally(unavailable(record.topic(), e));
        }
    }

    private static LogUnavailableException unavailable(String topic, Throwable cause) {
        return new LogUnavailableException("append to " + topic + ": " + Cluster.reason(cause), cause);
    }

    @Override
    public void close() {
        sending.shutdown();
        metrics.close();
        producer.close(CLOSE_TIMEOUT);
    }

    /** A topic that is being looked up or created. What waits for it goes on in the order it came. */
    private static final class Opening {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private boolean done;
        private @Nullable Throwable failure;

        synchronized void then(Waiting next) {
            if (done) {
                next.opened(failure);
            } else {
                waiting.add(next);
            }
        }

        synchronized void opened(@Nullable Throwable because) {
            failure = because;
            while (!waiting.isEmpty()) {
                waiting.remove().opened(because);
            }
            done = true;
        }
    }

    /** Goes on when a topic is there, or cannot be had. */
    @FunctionalInterface
    private interface Waiting {
        void opened(@Nullable Throwable failure);
    }
}
