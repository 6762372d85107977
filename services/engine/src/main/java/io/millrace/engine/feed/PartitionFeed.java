package io.millrace.engine.feed;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.engine.feed.Following.Lingering;
import io.millrace.engine.feed.Following.Off;
import io.millrace.engine.feed.Following.On;
import io.millrace.engine.port.Tail;
import io.millrace.engine.port.Tail.Told;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One partition: which lanes have subscribers of which group, and whether the tail is followed. Everything is guarded by
 * its monitor, which is held for a batch of frames at most.
 */
final class PartitionFeed {
    private final int partition;
    private final Tail tail;
    private final Snapshots.Means means;
    private final Snapshots snapshots;
    private final Map<Group, Interest> interests = new HashMap<>();
    private Following following = Off.OFF;
    private int lingers;
    private boolean closed;

    PartitionFeed(int partition, Tail tail, Snapshots.Means means) {
        this.partition = partition;
        this.tail = tail;
        this.means = means;
        this.snapshots = new Snapshots(this, means);
    }

    int partition() {
        return partition;
    }

    CompletionStage<Snapshot> snapshot(Target target) {
        return snapshots.request(target);
    }

    /** From now on frames for {@code target} go to the lane. */
    synchronized void enter(Lane lane, Target target) {
        interests.computeIfAbsent(target.group(), Interest::new).enter(lane, target);
        if (following instanceof Lingering lingering) {
            lingering.end().cancel();
            following = new On(lingering.begun());
        }
    }

    synchronized void leave(Lane lane, Target target) {
        Interest interest = interests.get(target.group());
        if (interest == null) {
            throw new IllegalStateException("leave without enter: " + target);
        }
        interest.leave(lane, target);
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
            tail.unfollow(partition);
            following = Off.OFF;
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
                    throw new IllegalStateException(
                            "partition " + partition + " lingers (expected: not while " + group + " has subscribers)");
                case Off ignored -> {
                    begun = tail.follow(partition);
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

    /** Passes a batch on to the lanes that want any of it. */
    void told(Tail.Batch told) {
        List<Told> batch = told.told();
        Map<Lane, List<Delivery>> posts = new LinkedHashMap<>();
        synchronized (this) {
            if (closed || interests.isEmpty()) {
                return;
            }
            for (Told one : batch) {
                Interest interest = interests.get(one.key().group());
                if (interest != null) {
                    Delivery delivery = delivery(one, interest);
                    interest.lanes.forEach((lane, count) -> posts.computeIfAbsent(lane, any -> new ArrayList<>())
                            .add(delivery));
                }
            }
        }
        posts.forEach(Lane::post);
    }

    private Delivery delivery(Told told, Interest interest) {
        String itemId = interest.items == 0 ? null : itemId(told);
        byte[] wire = means.encoder().encode(Form.MESSAGE, told.frame(), "");
        return new Delivery(told.source(), told.offset(), interest.group, itemId, wire);
    }

    private static @Nullable String itemId(Told told) {
        return switch (told.source()) {
            case CHANGE -> {
                Address address = told.key().address();
                yield address.name();
            }
            case EVENT -> eventId(told.frame());
        };
    }

    /** An event's key names only its group. */
    private static @Nullable String eventId(Json frame) {
        JsonSpans fields = new JsonSpans(frame.utf8());
        while (fields.next()) {
            if (fields.named("id")) {
                Json id = fields.json();
                return id.isNull() ? null : id.tree().asString();
            }
        }
        return null;
    }

    synchronized void close() {
        closed = true;
        if (following != Off.OFF) {
            tail.unfollow(partition);
            following = Off.OFF;
        }
    }

    /** Who wants a group: how many subscriptions of each lane, and how many to single items. */
    private static final class Interest {
        private final Group group;
        private final Map<Lane, Integer> lanes = new LinkedHashMap<>(2);
        private int items;

        Interest(Group group) {
            this.group = group;
        }

        void enter(Lane lane, Target target) {
            lanes.merge(lane, 1, Integer::sum);
            items += target.itemId() == null ? 0 : 1;
        }

        void leave(Lane lane, Target target) {
            lanes.computeIfPresent(lane, (any, count) -> count == 1 ? null : count - 1);
            items -= target.itemId() == null ? 0 : 1;
        }
    }
}
