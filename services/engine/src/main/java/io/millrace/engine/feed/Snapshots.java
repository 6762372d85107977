package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import io.millrace.engine.port.History;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.read.Reads;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots that subscriptions of one partition wait for. All who ask for the same target before its cut begins
 * share it: a thousand sockets that come back at once need a cut or two, not a thousand.
 */
final class Snapshots {
    private final PartitionFeed feed;
    private final Means means;
    private final Map<Target, Taking> takings = new HashMap<>();
    private final Queue<Taking> queue = new ArrayDeque<>();
    private int running;

    /** What it takes to take them. */
    record Means(
            FeedsConfig config,
            Reads reads,
            ProvidedSnapshots provided,
            History history,
            Executor executor,
            Scheduler scheduler,
            InstantSource clock,
            FeedEvents events) {}

    Snapshots(PartitionFeed feed, Means means) {
        this.feed = feed;
        this.means = means;
    }

    /**
     * A snapshot whose cut is taken after this call and after the tail has begun to follow the partition. Tries again
     * until it succeeds or nobody is subscribed to the group any more; then it never completes.
     */
    CompletionStage<Snapshot> request(Target target) {
        CompletableFuture<Snapshot> waiter = new CompletableFuture<>();
        Mark since = feed.mark();
        synchronized (this) {
            Taking taking = takings.get(target);
            if (taking == null) {
                taking = new Taking(target);
                takings.put(target, taking);
                queue.add(taking);
            }
            taking.waitingSince = taking.waiting.isEmpty() ? since : earlier(taking.waitingSince, since);
            taking.waiting.add(waiter);
        }
        pump();
        return waiter;
    }

    private static @Nullable Mark earlier(@Nullable Mark one, @Nullable Mark other) {
        if (one == null || other == null) {
            return null;
        }
        return other.covers(one) ? one : other;
    }

    private void pump() {
        Taking taking = begin();
        while (taking != null) {
            take(taking);
            taking = begin();
        }
    }

    private synchronized @Nullable Taking begin() {
        if (running >= means.config.cutsPerPartition()) {
            return null;
        }
        Taking taking = queue.poll();
        if (taking != null) {
            running++;
            if (taking.serving.isEmpty()) {
                taking.since = taking.waitingSince;
            }
            taking.serving.addAll(taking.waiting);
            taking.waiting.clear();
        }
        return taking;
    }

    private void take(Taking taking) {
        Target target = taking.target;
        CompletionStage<Void> following = feed.following(target.group());
        if (following == null) {
            ended(taking);
            return;
        }
        following.thenCompose(followed -> read(taking)).whenComplete((snapshot, failure) -> {
            if (snapshot != null) {
                ended(taking).forEach(waiter -> waiter.complete(snapshot));
                pump();
            } else if (failure != null) {
                failed(taking, failure);
                pump();
            }
        });
    }

    private CompletionStage<Snapshot> read(Taking taking) {
        Target target = taking.target;
        Mark asked = taking.since;
        Mark now = feed.mark();
        if (now == null) {
            throw new IllegalStateException(target + " is not followed any more (expected: while its cut is taken)");
        }
        Mark since = asked == null ? now : asked;
        Instant begun = means.clock.instant();
        Instant deadline = begun.plus(means.config.cutTimeout());
        CompletionStage<Json> provided = means.provided.sync(target.group(), target.itemId(), deadline);
        return provided == null
                ? means.reads
                        .cut(target.group(), target.from(), target.to(), deadline)
                        .thenApplyAsync(
                                cut -> Snapshot.of(target, cut, since, feed.stamp(), begun.getEpochSecond()),
                                means.executor)
                : provided.thenApplyAsync(
                        frame -> Snapshot.provided(
                                frame, new Mark(now.change(), since.event()), feed.stamp(), begun.getEpochSecond()),
                        means.executor);
    }

    /** Returns those who were served; those who asked meanwhile get another. */
    private synchronized List<CompletableFuture<Snapshot>> ended(Taking taking) {
        running--;
        List<CompletableFuture<Snapshot>> served = taking.serving;
        taking.serving = new ArrayList<>();
        taking.failures = 0;
        if (taking.waiting.isEmpty()) {
            takings.remove(taking.target);
        } else {
            queue.add(taking);
        }
        return served;
    }

    private void failed(Taking taking, Throwable failure) {
        int failures;
        synchronized (this) {
            running--;
            failures = taking.failures++;
        }
        means.events.snapshotFailed(feed.partition(), failure);
        means.scheduler.after(means.config.retryDelay(failures), () -> {
            synchronized (this) {
                queue.add(taking);
            }
            pump();
        });
    }

    /** The cut of one target, and who wants it. */
    private static final class Taking {
        private final Target target;
        private List<CompletableFuture<Snapshot>> serving = new ArrayList<>();
        private final List<CompletableFuture<Snapshot>> waiting = new ArrayList<>();
        /** How far all had been told when the first of those was asked for who are served; null if nobody knew. */
        private @Nullable Mark since;
        /** The same of those who are not served yet. */
        private @Nullable Mark waitingSince;

        private int failures;

        Taking(Target target) {
            this.target = target;
        }
    }
}
