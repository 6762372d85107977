package io.millrace.kafka;

import io.millrace.engine.port.LogUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** A few consumers without a group, shared by those who read pieces of partitions, and kept for a while. */
final class Readers implements AutoCloseable {
    private final Map<String, Object> config;
    private final Duration patience;
    private final ClientMetrics metrics;
    private final Semaphore permits;
    private final Deque<Lent> idle = new ArrayDeque<>();
    private boolean closed;

    /** At most so many; who finds all of them in use waits at most as long as {@code patience}. */
    Readers(int consumers, Map<String, Object> config, Duration patience, ClientMetrics metrics) {
        this.config = Map.copyOf(config);
        this.patience = patience;
        this.metrics = metrics;
        this.permits = new Semaphore(consumers, true);
    }

    /**
     * Has one of them read, which blocks.
     *
     * @param what is read, for the message
     * @param work is given a consumer that nothing is assigned to
     * @throws LogUnavailableException if that fails
     */
    void read(String what, Consumer<KafkaConsumer<byte[], byte @Nullable []>> work) {
        boolean permitted = false;
        try {
            permitted = permits.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!permitted) {
                throw new LogUnavailableException(
                        what + " cannot be read now: too many partitions are being read", new IllegalStateException());
            }
            readPermitted(what, work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogUnavailableException(what + " cannot be read now: interrupted", e);
        } finally {
            if (permitted) {
                permits.release();
            }
        }
    }

    private void readPermitted(String what, Consumer<KafkaConsumer<byte[], byte @Nullable []>> work) {
        Lent reader = borrow();
        boolean sound = false;
        try {
            work.accept(reader.consumer);
            // Or it would keep what it has fetched too much.
            reader.consumer.unsubscribe();
            sound = true;
        } catch (KafkaException e) {
            throw new LogUnavailableException(what + " cannot be read now: " + e.getMessage(), e);
        } finally {
            giveBack(reader, sound);
        }
    }

    private synchronized Lent borrow() {
        if (closed) {
            throw new LogUnavailableException("shutting down", new IllegalStateException("closed"));
        }
        Lent reader = idle.poll();
        return reader == null ? new Lent() : reader;
    }

    private synchronized void giveBack(Lent reader, boolean sound) {
        if (sound && !closed) {
            reader.usedNs = System.nanoTime();
            idle.push(reader);
        } else {
            reader.close();
        }
    }

    /** Closes those that have not been needed lately. */
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
        idle.forEach(Lent::close);
        idle.clear();
    }

    /** One consumer. */
    private final class Lent implements AutoCloseable {
        private final KafkaConsumer<byte[], byte @Nullable []> consumer;
        private final ClientMetrics.Source source;
        private long usedNs = System.nanoTime();

        Lent() {
            this.consumer = new KafkaConsumer<>(config);
            this.source = metrics.add(consumer::metrics);
        }

        @Override
        public void close() {
            source.close();
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
