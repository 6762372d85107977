package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what happens to subscriptions, a moment later and many at once; who comes and goes within that moment leaves
 * no trace. Nobody waits for it and it holds only so much: when Kafka is away, records are dropped and, when it is back,
 * made good from the registry and from what the log then has. Calls may come from any thread.
 */
final class Journal {
    /** How long changes are collected: so old is what a crash may take along. */
    static final Duration TICK = Duration.ofMillis(20);
    /** How long to leave Kafka alone when it has failed. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    static final int MOST_WAITING = 100_000;
    private static final int AT_ONCE = 1_000;
    private static final int MOST_UNDER_WAY = 4_000;
    /** A larger one is not worth its place in the log. */
    private static final int MOST_CONTEXT_BYTES = 256 << 10;

    private final PresenceConfig config;
    private final Means means;
    private final Registry registry;
    private final Strays strays;

    private final Deque<Line> waiting = new ArrayDeque<>();
    private int underWay;
    /** Somebody is about to see what is to be done next, or is at it. */
    private boolean scheduled;
    /** The last record that was answered has failed. */
    private boolean failing;
    /** Entries have been lost. */
    private boolean lostEntries;
    /** Ends of entries have been lost. */
    private boolean lostEnds;

    private final List<CompletableFuture<@Nullable Void>> settling = new ArrayList<>();

    /** What is to be written. */
    private sealed interface Line {
        /** An entry, unless it has ended before it was ever sent. */
        record Begin(Entry entry) implements Line {}

        /** A key is gone. */
        record End(EntryKey key, @Nullable CompletableFuture<Boolean> written) implements Line {}
    }

    /** With {@code isKept} for those that have left the registry and are to stay in the log nevertheless. */
    Journal(PresenceConfig config, Means means, Registry registry, Predicate<EntryKey> isKept) {
        this.config = config;
        this.means = means;
        this.registry = registry;
        this.strays = new Strays(config, means.log(), registry, isKept);
    }

    /** A subscription has begun. */
    synchronized void began(Entry entry) {
        Json context = entry.visit().context();
        if (context != null && context.sizeBytes() > MOST_CONTEXT_BYTES) {
            entry.end();
            means.events().tooLarge();
        } else {
            add(new Line.Begin(entry));
        }
    }

    /** A subscription has ended, and who is to be told of it has been. */
    synchronized void ended(Entry entry) {
        if (!entry.ended()) {
            entry.end();
            if (entry.kept() != Entry.Kept.NEW) {
                add(new Line.End(key(entry.number()), null));
            }
        }
    }

    /** A key is done with that is not in the registry. Completes with whether that is written. */
    CompletionStage<Boolean> ended(EntryKey key) {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        boolean taken;
        synchronized (this) {
            taken = add(new Line.End(key, written));
        }
        if (!taken) {
            written.complete(false);
        }
        return written;
    }

    /** Completes when all that has happened so far is written or lost. */
    synchronized CompletionStage<@Nullable Void> settled() {
        CompletableFuture<@Nullable Void> settled = new CompletableFuture<>();
        settling.add(settled);
        next();
        return settled.minimalCompletionStage();
    }

    /** The log may have lost all of them: each is written once more. */
    synchronized void again() {
        registry.each(entry -> {
            if (entry.kept() == Entry.Kept.WRITTEN && !entry.ended()) {
                entry.kept(Entry.Kept.LOST);
            }
        });
        lostEntries = true;
        next();
    }

    EntryKey key(long number) {
        return new EntryKey(config.node(), config.startMs(), number);
    }

    private boolean add(Line line) {
        if (waiting.size() >= MOST_WAITING) {
            lost(line);
            return false;
        }
        waiting.add(line);
        next();
        return true;
    }

    private void lost(Line line) {
        means.events().dropped();
        switch (line) {
            case Line.Begin(Entry entry) -> {
                entry.kept(Entry.Kept.LOST);
                lostEntries = true;
            }
            case Line.End(EntryKey ignored, var told) -> lostEnds |= told == null;
        }
    }

    /** Sees to it that what is to be done is done, soon. */
    private void next() {
        if (scheduled) {
            return;
        }
        boolean idle = waiting.isEmpty() && underWay == 0;
        if (idle && !lostEntries && !lostEnds) {
            settle();
        } else if (idle || (!waiting.isEmpty() && underWay < MOST_UNDER_WAY)) {
            scheduled = true;
            var _ = means.scheduler().after(failing ? PAUSE : TICK, this::onExecutor);
        }
    }

    private void settle() {
        if (!settling.isEmpty()) {
            List<CompletableFuture<@Nullable Void>> settled = List.copyOf(settling);
            settling.clear();
            // Not here: it would run what waits for it under the lock.
            execute(() -> settled.forEach(stage -> stage.complete(null)));
        }
    }

    private void onExecutor() {
        execute(this::work);
    }

    private void execute(Runnable task) {
        try {
            means.executor().execute(task);
        } catch (RejectedExecutionException e) {
            // Everything is being closed.
        }
    }

    private void work() {
        List<Line> batch = new ArrayList<>();
        boolean seekStrays = false;
        synchronized (this) {
            if (waiting.isEmpty() && underWay == 0) {
                makeGood();
                seekStrays = waiting.isEmpty() && lostEnds;
            }
            take(batch);
            if (seekStrays) {
                lostEnds = false;
            } else {
                scheduled = false;
                next();
            }
        }
        batch.forEach(this::write);
        if (seekStrays) {
            var _ = strays.seek().whenComplete(this::found);
        }
    }

    private void take(List<Line> batch) {
        while (batch.size() < AT_ONCE && underWay < MOST_UNDER_WAY && !waiting.isEmpty()) {
            Line line = waiting.remove();
            if (line instanceof Line.Begin(Entry entry)) {
                if (entry.ended()) {
                    continue; // its end has gone before, or is not needed
                }
                entry.kept(Entry.Kept.SENT);
            }
            batch.add(line);
            underWay++;
        }
    }

    private void write(Line line) {
        CompletionStage<@Nullable Void> written = switch (line) {
            case Line.Begin(Entry entry) ->
                means.log()
                        .append(
                                key(entry.number()).toJson(),
                                PresenceRecord.subscription(entry.visit(), config.node(), entry.sinceMs()));
            case Line.End(EntryKey key, var ignored) -> means.log().append(key.toJson(), null);
        };
        var _ = written.whenComplete((done, failure) -> answered(line, failure));
    }

    private void answered(Line line, @Nullable Throwable failure) {
        synchronized (this) {
            underWay--;
            failing = failure != null;
            if (failure != null) {
                lost(line);
            } else if (line instanceof Line.Begin(Entry entry) && entry.kept() == Entry.Kept.SENT) {
                entry.kept(Entry.Kept.WRITTEN);
            }
            next();
        }
        if (line instanceof Line.End(EntryKey ignored, CompletableFuture<Boolean> written) && written != null) {
            written.complete(failure == null);
        }
    }

    /** Queues again what has been lost, as far as there is room. */
    private void makeGood() {
        if (lostEntries) {
            lostEntries = false;
            registry.each(entry -> {
                if (entry.kept() == Entry.Kept.LOST && !entry.ended()) {
                    if (waiting.size() < MOST_WAITING) {
                        waiting.add(new Line.Begin(entry));
                    } else {
                        lostEntries = true;
                    }
                }
            });
        }
    }

    private synchronized void found(Strays.@Nullable Found found, @Nullable Throwable failure) {
        scheduled = false;
        failing = failure != null;
        lostEnds |= found == null || found.more();
        if (found != null) {
            found.numbers().forEach(number -> add(new Line.End(key(number), null)));
        }
        next();
    }
}
