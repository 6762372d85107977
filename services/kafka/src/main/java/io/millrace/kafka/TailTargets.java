package io.millrace.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Which partitions are to be followed: said by any thread, done by the tail's. */
final class TailTargets {
    private final TreeMap<Integer, CompletableFuture<Void>> wanted = new TreeMap<>();
    private final Map<Integer, String> stopped = new HashMap<>();
    private long revision;
    private boolean closed;

    /** Completes once the tail's thread says so. */
    synchronized CompletionStage<Void> add(int partition) {
        String reason = closed ? "the tail is closed" : stopped.get(partition);
        if (reason != null) {
            return CompletableFuture.failedStage(new IllegalStateException(
                    "stream partition " + partition + " cannot be followed: " + reason + " (expected: a sound one)"));
        }
        CompletableFuture<Void> following = wanted.get(partition);
        if (following == null) {
            following = new CompletableFuture<>();
            wanted.put(partition, following);
            changed();
        }
        return following.minimalCompletionStage();
    }

    synchronized void remove(int partition) {
        CompletableFuture<Void> following = wanted.remove(partition);
        if (following != null) {
            following.completeExceptionally(new CancellationException("no longer followed"));
            changed();
        }
    }

    /** Never follows it again, in this process: somebody has to look at it first. */
    synchronized void stop(int partition, String reason) {
        stopped.put(partition, reason);
        remove(partition);
    }

    synchronized boolean contains(int partition) {
        return wanted.containsKey(partition);
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** What to follow now; changes when anything is added or removed. */
    synchronized long revision() {
        return revision;
    }

    synchronized Map<Integer, CompletableFuture<Void>> snapshot() {
        return new TreeMap<>(wanted);
    }

    synchronized boolean isEmpty() {
        return wanted.isEmpty();
    }

    /** Blocks while there is nothing to follow. */
    synchronized void awaitAny() throws InterruptedException {
        while (wanted.isEmpty() && !closed) {
            wait();
        }
    }

    /** Blocks for a while, or until something changes. */
    synchronized void pause(Duration duration) throws InterruptedException {
        long deadlineNs = System.nanoTime() + duration.toNanos();
        long seen = revision;
        long leftMs = duration.toMillis();
        while (revision == seen && leftMs > 0) {
            wait(leftMs);
            leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
        }
    }

    synchronized void close() {
        closed = true;
        for (Integer partition : new TreeMap<>(wanted).keySet()) {
            remove(partition);
        }
        changed();
    }

    private void changed() {
        revision++;
        notifyAll();
    }

    @Override
    public synchronized @Nullable String toString() {
        return wanted.keySet().toString();
    }
}
