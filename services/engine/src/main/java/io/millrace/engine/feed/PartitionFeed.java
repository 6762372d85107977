package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.engine.feed.Following.Lingering;
import io.millrace.engine.feed.Following.Off;
import io.millrace.engine.feed.Following.On;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.Tail;
import io.millrace.engine.port.Tail.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One partition: which lanes have subscribers of which group, and whether the tail is followed. Everything is guarded by
 * its monitor, which is held for a batch of frames at most.
 */
final class PartitionFeed {
    /** Events wait no longer for a change that does not come: then their sender was wrong. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** So long a cursor may be ahead of us: another node, which is quicker, may have told it. */
    private static final Duration AHEAD = Duration.ofSeconds(5);

    private final Stamp stamp;
    private final Tail tail;
    private final Snapshots.Means means;
    private final Snapshots snapshots;
    private final Map<Group, Interest> interests = new HashMap<>();
    private Following following = Off.OFF;
    private int lingers;
    private boolean closed;

    /** What has been told while it is followed; null before. */
    private @Nullable Past past;
    /** Who asks from a place that has not been told yet. */
    private final List<CatchUp> ahead = new ArrayList<>();

    private boolean hurrying;

    PartitionFeed(Stamp stamp, Tail tail, Snapshots.Means means) {
        this.stamp = stamp;
        this.tail = tail;
        this.means = means;
        this.snapshots = new Snapshots(this, means);
    }

    int partition() {
        return stamp.partition();
    }

    Stamp stamp() {
        return stamp;
    }

    /** Whether a cursor speaks of this partition. */
    boolean knows(Cursor cursor) {
        return cursor.epoch().equals(stamp.epoch()) && cursor.partition() == stamp.partition();
    }

    /** How far all has been told; null while it is not followed. */
    synchronized @Nullable Mark mark() {
        return past == null ? null : past.order().mark();
    }

    CompletionStage<Snapshot> snapshot(Target target) {
        return snapshots.request(target);
    }

    /** From now on frames for {@code target} go to the lane. Returns how far all has been told; null if nobody knows. */
    synchronized @Nullable Mark enter(Lane lane, Target target) {
        interests.computeIfAbsent(target.group(), group -> new Interest()).enter(lane);
        if (following instanceof Lingering lingering) {
            lingering.end().cancel();
            following = new On(lingering.begun());
        }
        return mark();
    }

    synchronized void leave(Lane lane, Target target) {
        Interest interest = interests.get(target.group());
        if (interest == null) {
            throw new IllegalStateException("leave without enter: " + target);
        }
        interest.leave(lane);
        if (interest.lanes.isEmpty()) {
            interests.remove(target.group());
        }
        if (interests.isEmpty() && !closed && following instanceof On on) {
            int generation = ++lingers;
            following = new Lingering(
                    on.begun(),
                    generation,
                    means.scheduler().after(means.config().linger(), () -> lingered(generation)));
        }
    }

    private synchronized void lingered(int generation) {
        if (following instanceof Lingering lingering && lingering.generation() == generation) {
            unfollow();
        }
    }

    /**
     * Has the tail follow the partition.
     *
     * @return completes when it does, fails if it could not: then the next call tries again. Null if nobody is subscribed
     *     to {@code group}
     */
    @Nullable
    CompletionStage<Void> following(Group group) {
        CompletionStage<Void> begun;
        synchronized (this) {
            if (closed || !interests.containsKey(group)) {
                return null;
            }
            switch (following) {
                case On on -> {
                    return on.begun();
                }
                case Lingering lingering ->
                    throw new IllegalStateException("partition " + partition() + " lingers (expected: not while "
                            + group + " has subscribers)");
                case Off ignored -> {
                    past = null;
                    begun = tail.follow(partition());
                    following = new On(begun);
                }
            }
        }
        return begun.whenComplete((followed, failure) -> {
            if (failure != null) {
                notFollowing(begun);
            }
        });
    }

    private synchronized void notFollowing(CompletionStage<Void> begun) {
        CompletionStage<Void> known = switch (following) {
            case On on -> on.begun();
            case Lingering lingering -> lingering.begun();
            case Off ignored -> null;
        };
        if (begun.equals(known)) {
            following = Off.OFF;
        }
    }

    private void unfollow() {
        tail.unfollow(partition());
        following = Off.OFF;
        if (past != null) {
            past.recall().close();
            past = null;
        }
        ahead.clear();
    }

    /** The tail tells everything after {@code start} from now on. If it did before, something between is missing. */
    synchronized void began(Mark start, List<Lane> lanes, Predicate<Group> mine) {
        if (closed) {
            return;
        }
        Past before = past;
        EventOrder order = new EventOrder(means.config().windowBytes(), start);
        past = new Past(order, new Recall(this, order::mark, stamp, means, start));
        if (before != null) {
            before.recall().close();
            lanes.forEach(lane -> lane.post(List.of(new Parcel.Task(() -> lane.startOver(mine, Reset.TOO_OLD)))));
        }
    }

    /** Passes a batch on to the lanes that want any of it. Waits while they are too far behind. */
    void told(Tail.Batch batch) {
        Set<Lane> lanes;
        synchronized (this) {
            if (closed || past == null) {
                return;
            }
            lanes = tell((order, told) -> order.read(batch, told));
        }
        lanes.forEach(Lane::awaitRoom);
    }

    private Set<Lane> tell(BiConsumer<EventOrder, BiConsumer<Told, Mark>> reading) {
        Past known = past;
        if (known == null) {
            return Set.of();
        }
        Map<Lane, List<Delivery>> posts = new LinkedHashMap<>();
        reading.accept(known.order(), (told, mark) -> {
            Delivery delivery = new Delivery(told, mark, stamp);
            known.recall().add(delivery);
            Interest interest = interests.get(delivery.group());
            if (interest != null) {
                interest.lanes.forEach((lane, count) ->
                        posts.computeIfAbsent(lane, any -> new ArrayList<>()).add(delivery));
            }
        });
        posts.forEach(Lane::post);
        answerAhead(known);
        hurryLater(known.order());
        return posts.keySet();
    }

    private void answerAhead(Past known) {
        if (!ahead.isEmpty()) {
            List<CatchUp> reached = ahead.stream()
                    .filter(ask -> known.order().mark().covers(ask.from()))
                    .toList();
            ahead.removeAll(reached);
            reached.forEach(known.recall()::answer);
        }
    }

    /** Sees to it that no event waits for ever. */
    private void hurryLater(EventOrder order) {
        if (hurrying || !order.isWaiting()) {
            return;
        }
        hurrying = true;
        long change = order.mark().change();
        means.scheduler().after(PATIENCE, () -> {
            synchronized (this) {
                hurrying = false;
                Past known = past;
                if (known != null && known.order() == order) {
                    boolean stuck = order.mark().change() == change;
                    var _ = tell((same, told) -> {
                        if (stuck) {
                            same.release(told);
                        }
                    });
                }
            }
        });
    }

    /** Answers somebody who has got as far as a mark, once the partition is followed. */
    void catchUp(CatchUp ask) {
        CompletionStage<Void> begun = following(ask.target().group());
        if (begun != null) {
            begun.whenComplete((followed, failure) -> {
                if (failure == null) {
                    answer(ask);
                } else {
                    means.events().replayFailed(partition(), failure);
                    means.scheduler().after(means.config().mostRetry(), () -> catchUp(ask));
                }
            });
        }
    }

    private void answer(CatchUp ask) {
        synchronized (this) {
            Past known = past;
            if (known != null) {
                if (known.order().mark().covers(ask.from())) {
                    known.recall().answer(ask);
                } else {
                    await(ask);
                }
                return;
            }
        }
        catchUp(ask); // it was followed for a moment only
    }

    private void await(CatchUp ask) {
        ahead.add(ask);
        if (ask.patience() instanceof CatchUp.Patience.Cursor) {
            means.scheduler().after(AHEAD, () -> {
                synchronized (this) {
                    if (ahead.remove(ask)) {
                        ask.answer(new CatchUp.Answer.Gone(Reset.UNKNOWN));
                    }
                }
            });
        }
    }

    /** Does something on the lane, given how far all has been told that it has been given by then. */
    synchronized void marked(Lane lane, Consumer<Mark> action) {
        Mark mark = mark();
        if (mark != null) {
            lane.post(List.of(new Parcel.Task(() -> action.accept(mark))));
        }
    }

    synchronized void close() {
        closed = true;
        if (following != Off.OFF) {
            unfollow();
        }
    }

    /** Who wants a group: how many subscriptions of each lane. */
    private static final class Interest {
        private final Map<Lane, Integer> lanes = new LinkedHashMap<>(2);

        void enter(Lane lane) {
            lanes.merge(lane, 1, Integer::sum);
        }

        void leave(Lane lane) {
            lanes.computeIfPresent(lane, (any, count) -> count == 1 ? null : count - 1);
        }
    }

    /** What has been told since it was followed. */
    private record Past(EventOrder order, Recall recall) {}
}
