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
 * The live feeds of the stream partitions. A subscription is registered first, then the tail follows its partition, then a
 * cut is taken: so every change is in the cut, or told after the registration, or both, and those told twice are known by
 * their offset. No gap, no duplicate, and the snapshot always first.
 */
public final class Feeds implements AutoCloseable {
    private final FeedsConfig config;
    private final List<PartitionFeed> partitions = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();

    /**
     * Feeds that nobody is subscribed to yet.
     *
     * @param partitions of the stream topics
     * @param reads where cuts are taken. A cut includes every change that a reader of the log could have seen before it
     *     was asked for
     * @param provided where the snapshots of streams come from that others keep
     * @param epoch of which topics cursors speak: letters and digits that differ where the topics do
     * @param history where those who come back get what is not in memory
     * @param tail given the listener, the tail that tells it
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
        Tail followed = tail.apply(new Listener());
        Snapshots.Means means =
                new Snapshots.Means(config, reads, provided, encoder, executor, scheduler, clock, events);
        for (int partition = 0; partition < partitions; partition++) {
            this.partitions.add(new PartitionFeed(partition, followed, means));
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

    private final class Listener implements Tail.Listener {
        @Override
        public void began(int partition, Mark start) {}

        @Override
        public void told(int partition, Batch batch) {
            partitions.get(partition).told(batch);
        }
    }

    /** Stops following. Subscribers get nothing any more; they should have gone before. */
    @Override
    public void close() {
        partitions.forEach(PartitionFeed::close);
        synchronized (lanes) {
            lanes.forEach(Lane::close);
        }
    }
}
