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
    private final TreeMap<Integer, Wish> wanted = new TreeMap<>();
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
        Wish wish = wanted.get(partition);
        if (wish == null) {
            changed();
            wish = new Wish(revision, new CompletableFuture<>());
            wanted.put(partition, wish);
        }
        return wish.following().minimalCompletionStage();
    }

    synchronized void remove(int partition) {
        Wish wish = wanted.remove(partition);
        if (wish != null) {
            wish.following().completeExceptionally(new CancellationException("no longer followed"));
            changed();
        }
    }

    /** Never follows it again, in this process: somebody has to look at it first. */
    synchronized void stop(int partition, String reason) {
        stopped.put(partition, reason);
        remove(partition);
    }

    /** Whether a partition is wanted, and has not been given up since the wish of that number, which may be none. */
    synchronized boolean isWanted(int partition, @Nullable Long number) {
        Wish wish = wanted.get(partition);
        return wish != null && number != null && wish.number() == number;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** What to follow now; changes when anything is added or removed. */
    synchronized long revision() {
        return revision;
    }

    synchronized Map<Integer, Wish> snapshot() {
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

    /**
     * That a partition be followed.
     *
     * @param number no other wish has it
     * @param following what those wait for who asked
     */
    record Wish(long number, CompletableFuture<Void> following) {}

    @Override
    public synchronized @Nullable String toString() {
        return wanted.keySet().toString();
    }
}
