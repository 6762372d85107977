package io.millrace.engine.own;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Assignment;
import io.millrace.engine.port.Lease;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.PartitionLogs;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.WatchedEvents;
import io.millrace.engine.write.WriteEvents;
import io.millrace.engine.write.WriterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens a writer for each partition that is assigned and closes it when it is revoked. The assignment only proposes;
 * whether a writer may write is decided by its fence.
 */
public final class Ownership implements Assignment, Owners, AutoCloseable {
    private final PartitionLogs logs;
    private final WriterConfig config;
    private final MicroClock clock;
    private final Lease lease;
    private final WriteEvents events;
    private final CommitTurns turns;
    private final ThreadFactory threads;
    private final Duration closeTimeout;
    private final Map<Partition, Owned> owned = new ConcurrentHashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /**
     * Owns nothing yet.
     *
     * @param turns how many writers may write at a time
     * @param threads gives each writer a platform thread of its own
     * @param closeTimeout how long closing waits for commits under way
     */
    public Ownership(
            PartitionLogs logs,
            WriterConfig config,
            MicroClock clock,
            Lease lease,
            WriteEvents events,
            CommitTurns turns,
            ThreadFactory threads,
            Duration closeTimeout) {
        this.logs = logs;
        this.config = config;
        this.clock = clock;
        this.lease = lease;
        this.events = events;
        this.turns = turns;
        this.threads = threads;
        this.closeTimeout = closeTimeout;
    }

    @Override
    public void assigned(Space space, int partition, StateStore store) {
        WriteEvents watched = new WatchedEvents(events, this::changed);
        PartitionWriter writer = new PartitionWriter(
                space, partition, logs.open(space, partition), store, config, clock, lease, watched);
        Thread thread = threads.newThread(new WriterLoop(writer, turns));
        thread.setName("writer-" + (space == Space.STATE ? "state-" : "stream-") + partition);
        Owned before = owned.put(new Partition(space, partition), new Owned(writer, store, thread));
        if (before != null) {
            before.writer().close();
            changed(space, partition);
        }
        thread.start();
    }

    @Override
    public void revoked(Space space, int partition, StateStore store) {
        Partition key = new Partition(space, partition);
        Owned here = owned.get(key);
        if (here != null && here.store().equals(store) && owned.remove(key, here)) {
            // Those who would come in vain first: then most of what is still answered is what they asked before.
            changed(space, partition);
            here.writer().close();
        }
    }

    /** Tells {@code watcher} of every partition that is served or is not any more. To be called before anything is assigned. */
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    private void changed(Space space, int partition) {
        watchers.forEach(watcher -> watcher.changed(space, partition));
    }

    @Override
    public @Nullable PartitionWriter owner(Space space, int partition) {
        Owned here = owned.get(new Partition(space, partition));
        return here == null ? null : here.writer();
    }

    @Override
    public int partitions(Space space) {
        return logs.partitions(space);
    }

    /** The writers there are now. */
    public List<PartitionWriter> writers() {
        return owned.values().stream().map(Owned::writer).toList();
    }

    /** Whether every partition of both spaces is served here. */
    public boolean servesAll() {
        long expected = (long) partitions(Space.STATE) + partitions(Space.STREAM);
        return owned.values().stream().filter(here -> here.writer().isServing()).count() == expected;
    }

    /** Gives everything up: finishes what is under way, as long as the time-out allows. */
    @Override
    public void close() {
        List<Partition> partitions = List.copyOf(owned.keySet());
        List<Owned> all = new ArrayList<>(owned.values());
        owned.clear();
        partitions.forEach(partition -> changed(partition.space(), partition.number()));
        all.forEach(here -> here.writer().close());
        long deadlineMicros = clock.micros() + closeTimeout.toNanos() / 1_000;
        try {
            for (Owned here : all) {
                long leftMs = (deadlineMicros - clock.micros()) / 1_000;
                here.thread().join(Duration.ofMillis(Math.max(1, leftMs)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Partition(Space space, int number) {}

    private record Owned(PartitionWriter writer, StateStore store, Thread thread) {}
}
