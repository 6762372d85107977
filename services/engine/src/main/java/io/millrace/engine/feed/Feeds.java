package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.engine.port.History;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.port.Tail;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.read.Reads;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The live feeds of the stream partitions. What is told goes into a window of its partition, and on to the lanes. A cut is
 * taken after the tail has begun to follow, so whatever it lacks is in the window, or in the log: a subscription gets its
 * snapshot, what the window has beyond it, and everything that is told from that moment on, and likewise who comes back
 * with a cursor. No gap, no duplicate, and the snapshot always first.
 */
public final class Feeds implements AutoCloseable {
    /** So much of what somebody lacks is passed on before others have their turn. */
    static final int MOST_AT_ONCE_BYTES = 256 << 10;

    private final FeedsConfig config;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final FeedEvents events;
    private final List<PartitionFeed> partitions = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();

    /**
     * Feeds that nobody is subscribed to yet.
     *
     * @param partitions of the stream topics
     * @param epoch of which topics cursors speak: letters and digits that differ where the topics do
     * @param reads where cuts are taken. A cut includes every change that a reader of the log could have seen before it
     *     was asked for
     * @param provided where the snapshots of streams come from that others keep
     * @param tail given the listener, the tail that tells it
     * @param history where those who come back get what is not in memory
     * @param encoder what becomes of a frame before it is shared
     * @param executor where snapshots are read and encoded, which may block
     * @param scheduler for retries and lingering
     * @param clock for deadlines
     */
    public Feeds(
            FeedsConfig config,
            int partitions,
            String epoch,
            Reads reads,
            ProvidedSnapshots provided,
            Function<Tail.Listener, Tail> tail,
            History history,
            FrameEncoder encoder,
            Executor executor,
            Scheduler scheduler,
            InstantSource clock,
            FeedEvents events) {
        this.config = config;
        this.clock = clock;
        this.scheduler = scheduler;
        this.events = events;
        Tail followed = tail.apply(new Listener());
        Snapshots.Means means =
                new Snapshots.Means(config, reads, provided, history, executor, scheduler, clock, events);
        for (int partition = 0; partition < partitions; partition++) {
            this.partitions.add(new PartitionFeed(new Stamp(epoch, partition, encoder), followed, means));
        }
    }

    /** A lane for the subscribers of one executor, which must run one task at a time, in order. */
    public Lane lane(Executor executor) {
        Lane lane = new Lane(this, executor, config);
        synchronized (lanes) {
            lanes.add(lane);
        }
        return lane;
    }

    PartitionFeed partition(Group group) {
        return partitions.get(group.partition(partitions.size()));
    }

    InstantSource clock() {
        return clock;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    FeedEvents events() {
        return events;
    }

    /** Stops following. Subscribers get nothing any more; they should have gone before. */
    @Override
    public void close() {
        partitions.forEach(PartitionFeed::close);
        synchronized (lanes) {
            lanes.forEach(Lane::close);
        }
    }

    private final class Listener implements Tail.Listener {
        @Override
        public void began(int partition, Mark start) {
            List<Lane> all;
            synchronized (lanes) {
                all = List.copyOf(lanes);
            }
            partitions.get(partition).began(start, all, group -> group.partition(partitions.size()) == partition);
        }

        @Override
        public void told(int partition, Batch batch) {
            partitions.get(partition).told(batch);
        }
    }
}
