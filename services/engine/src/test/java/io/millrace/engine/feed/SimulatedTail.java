package io.millrace.engine.feed;

import io.millrace.engine.feed.World.PartitionWorld;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells what it follows, late and in batches of any size, changes and events of a partition each in order. */
final class SimulatedTail implements Tail {
    private final World world;
    private final List<@Nullable Place> places = new ArrayList<>();
    private @Nullable Listener listener;
    int follows;
    int unfollows;
    /** How many of the next calls to follow fail. */
    int broken;

    SimulatedTail(World world) {
        this.world = world;
        world.partitions.forEach(any -> places.add(null));
    }

    Tail listen(Listener told) {
        listener = told;
        return this;
    }

    @Override
    public CompletionStage<Void> follow(int partition) {
        follows++;
        Place place = new Place();
        places.set(partition, place);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        boolean fails = broken-- > 0;
        world.tasks.loose(() -> {
            if (fails) {
                begun.completeExceptionally(new IllegalStateException("broken tail"));
                return;
            }
            PartitionWorld topics = world.partitions.get(partition);
            place.change = topics.changes.size();
            place.event = topics.events.size();
            place.reading = true;
            if (listener != null && places.get(partition) == place) {
                listener.began(partition, new Mark(topics.lastOffset, topics.events.size() - 1));
            }
            begun.complete(null);
        });
        return begun;
    }

    @Override
    public void unfollow(int partition) {
        unfollows++;
        places.set(partition, null);
    }

    boolean follows(int partition) {
        return places.get(partition) != null;
    }

    /** Some time later, tells what there is. */
    void wake() {
        world.tasks.loose(this::poll);
    }

    private void poll() {
        boolean behind = false;
        for (int partition = 0; partition < places.size(); partition++) {
            Place place = places.get(partition);
            if (place != null && place.reading) {
                behind |= tell(partition, place);
            }
        }
        if (behind) {
            wake();
        }
    }

    private boolean tell(int partition, Place place) {
        PartitionWorld topics = world.partitions.get(partition);
        List<Told> batch = new ArrayList<>();
        int most = world.random.nextInt(1, 5);
        boolean changesFirst = world.random.nextBoolean();
        for (int i = 0; i < 2; i++) {
            if (changesFirst == (i == 0)) {
                while (batch.size() < most && place.change < topics.changes.size()) {
                    batch.add(topics.changes.get(place.change++));
                }
            } else {
                while (batch.size() < most && place.event < topics.events.size()) {
                    batch.add(topics.events.get(place.event++));
                }
            }
        }
        if (!batch.isEmpty() && listener != null) {
            batch.forEach(
                    told -> listener.told(partition, new Batch(told.source(), List.of(told), through(topics, told))));
        }
        return place.change < topics.changes.size() || place.event < topics.events.size();
    }

    /** A delete is followed by its tombstone. */
    private static long through(PartitionWorld topics, Told told) {
        boolean last = told.source() == Source.CHANGE && told.equals(topics.changes.getLast());
        return last ? topics.lastOffset : told.offset();
    }

    private static final class Place {
        private boolean reading;
        private int change;
        private int event;
    }
}
