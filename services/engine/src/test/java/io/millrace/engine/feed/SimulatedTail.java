package io.millrace.engine.feed;

import io.millrace.engine.feed.Topics.Entry;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tells what it follows, late and in batches of any size, each topic of a partition in order; now one is ahead, now the
 * other.
 */
final class SimulatedTail implements Tail {
    private final World world;
    private final List<@Nullable Place> places = new ArrayList<>();
    private @Nullable Listener listener;
    private boolean stopped;
    int follows;
    int unfollows;
    /** How many of the next calls to follow fail. */
    int broken;
    /** A fault: it does not tell which changes events come after. */
    boolean forgetsAfter;

    SimulatedTail(World world) {
        this.world = world;
        world.partitions.forEach(any -> places.add(null));
        world.readers.add(this);
    }

    Tail listen(Listener told) {
        listener = told;
        return this;
    }

    @Override
    public CompletionStage<Void> follow(int partition) {
        follows++;
        Place followed = places.get(partition);
        if (followed != null) {
            return followed.begun;
        }
        Place place = new Place();
        places.set(partition, place);
        boolean fails = broken > 0;
        broken -= fails ? 1 : 0;
        world.tasks.loose(() -> {
            if (fails) {
                if (places.get(partition) == place) {
                    places.set(partition, null);
                }
                place.begun.completeExceptionally(new IllegalStateException("broken tail"));
                return;
            }
            if (places.get(partition) == place) {
                Mark start = world.partitions.get(partition).end();
                place.change = start.change();
                place.event = start.event();
                place.reading = true;
                listener().began(partition, start);
            }
            place.begun.complete(null);
        });
        return place.begun;
    }

    @Override
    public void unfollow(int partition) {
        unfollows++;
        places.set(partition, null);
    }

    boolean follows(int partition) {
        return places.get(partition) != null;
    }

    /** Whether everything from now on will be told. */
    boolean reads(int partition) {
        Place place = places.get(partition);
        return place != null && place.reading;
    }

    /** Never tells anything again. */
    void stop() {
        stopped = true;
        world.readers.remove(this);
    }

    /** Some time later, tells what there is. */
    void wake() {
        world.tasks.loose(this::poll);
    }

    private void poll() {
        boolean behind = false;
        for (int partition = 0; partition < places.size() && !stopped; partition++) {
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
        Topics topics = world.partitions.get(partition);
        boolean changesFirst = world.random.nextBoolean();
        for (int i = 0; i < 2 && world.random.nextInt(3) > 0; i++) {
            if (changesFirst == (i == 0)) {
                List<Entry> entries = some(topics.changes, place.change);
                place.change = through(
                        topics.changes, place.change, entries, topics.end().change());
                tell(partition, Source.CHANGE, entries, place.change);
            } else {
                List<Entry> entries = some(topics.events, place.event);
                place.event = through(
                        topics.events, place.event, entries, topics.end().event());
                tell(partition, Source.EVENT, entries, place.event);
            }
        }
        Mark end = topics.end();
        return place.change < end.change() || place.event < end.event();
    }

    private List<Entry> some(NavigableMap<Long, Entry> topic, long after) {
        return topic.tailMap(after, false).values().stream()
                .limit(world.random.nextInt(1, 5))
                .toList();
    }

    /** The last one's offset, or that of the last marker behind it. */
    private long through(NavigableMap<Long, Entry> topic, long after, List<Entry> entries, long end) {
        long last = entries.isEmpty() ? after : entries.getLast().offset();
        Long next = topic.higherKey(last);
        return world.random.nextBoolean() && !entries.isEmpty() ? last : next == null ? end : next - 1;
    }

    private void tell(int partition, Source source, List<Entry> entries, long through) {
        listener().told(partition, new Batch(source, told(entries, forgetsAfter), through));
    }

    private Listener listener() {
        return Objects.requireNonNull(listener, "listener");
    }

    /** What listeners get of some records. */
    static List<Told> told(Collection<Entry> entries, boolean forgetsAfter) {
        List<Told> told = new ArrayList<>();
        for (Entry entry : entries) {
            Told one = entry.told();
            if (one != null) {
                long after = forgetsAfter ? -1 : one.after();
                told.add(new Told(one.source(), one.offset(), one.key(), one.frame(), after, one.timestampMs()));
            }
        }
        return told;
    }

    private static final class Place {
        private final CompletableFuture<Void> begun = new CompletableFuture<>();
        private boolean reading;
        private long change;
        private long event;
    }
}
