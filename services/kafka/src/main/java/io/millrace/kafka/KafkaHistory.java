package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.History;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.Mark;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Reads a few partitions at a time, on threads of its own; further ones wait their turn. */
final class KafkaHistory implements History, AutoCloseable {
    /** How many partitions are read at a time. */
    static final int AT_A_TIME = 4;

    private static final Duration THREADS_KEPT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Topics topics;
    private final Readers readers;
    private final Duration callTimeout;
    private final ThreadPoolExecutor threads;

    /** The readers' consumers must fail where an offset is not there. */
    KafkaHistory(Topics topics, Readers readers, Duration callTimeout) {
        this.topics = topics;
        this.readers = readers;
        this.callTimeout = callTimeout;
        this.threads = new ThreadPoolExecutor(
                AT_A_TIME,
                AT_A_TIME,
                THREADS_KEPT.toMillis(),
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("millrace-history-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletionStage<Mark> read(int partition, Mark after, Mark through, Reader reader) {
        if (partition < 0 || partition >= topics.partitions(Space.STREAM)) {
            throw new IllegalArgumentException("stream partition: " + partition + " (expected: 0 to "
                    + (topics.partitions(Space.STREAM) - 1) + ")");
        }
        HistoryPiece piece = new HistoryPiece(topics.names(), partition, after, through, reader, callTimeout);
        Reading reading = new Reading(piece, new CompletableFuture<>());
        try {
            threads.execute(reading);
        } catch (RejectedExecutionException e) {
            reading.refuse();
        }
        return reading.done().minimalCompletionStage();
    }

    /** What waits is refused, what is under way is given up. */
    @Override
    public void close() {
        for (Runnable waiting : threads.shutdownNow()) {
            if (waiting instanceof Reading reading) {
                reading.refuse();
            }
        }
        try {
            var _ = threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Reading implements Runnable {
        private final HistoryPiece piece;
        private final CompletableFuture<Mark> done;

        Reading(HistoryPiece piece, CompletableFuture<Mark> done) {
            this.piece = piece;
            this.done = done;
        }

        CompletableFuture<Mark> done() {
            return done;
        }

        @Override
        public void run() {
            try {
                readers.read(piece.toString(), piece::read);
                done.complete(piece.start());
            } catch (RuntimeException | Error e) {
                // Whatever it is, somebody waits for it.
                done.completeExceptionally(e);
            }
        }

        void refuse() {
            done.completeExceptionally(
                    new LogUnavailableException(piece + " cannot be read now", new IllegalStateException("closed")));
        }
    }
}
