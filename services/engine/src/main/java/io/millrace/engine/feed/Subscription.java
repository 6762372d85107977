package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.CatchUp.Answer;
import io.millrace.engine.feed.CatchUp.Patience;
import io.millrace.engine.feed.SubscriptionState.Behind;
import io.millrace.engine.feed.SubscriptionState.Fetching;
import io.millrace.engine.feed.SubscriptionState.Joining;
import io.millrace.engine.feed.SubscriptionState.Left;
import io.millrace.engine.feed.SubscriptionState.Live;
import io.millrace.engine.feed.SubscriptionState.Loading;
import io.millrace.engine.feed.SubscriptionState.Pausing;
import io.millrace.engine.feed.SubscriptionState.Seen;
import io.millrace.engine.port.Mark;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's interest in a group or in one item of it. While it does not keep up it holds its place in the log and
 * nothing else. Only to be touched on its lane.
 */
public final class Subscription {
    private static final Seen NONE_SEEN = new Seen();

    private final Subscriber subscriber;
    private final Target target;
    private final PartitionFeed feed;
    private final Mode mode;
    private SubscriptionState state = Left.LEFT;
    /** Counts the states: an answer that was asked for in an earlier one is of no use. */
    private int step;
    /** Where the audience keeps it. */
    private int seat;

    Subscription(Subscriber subscriber, Target target, PartitionFeed feed, Mode mode) {
        this.subscriber = subscriber;
        this.target = target;
        this.feed = feed;
        this.mode = mode;
    }

    /** Ends it: no frame comes for its sake any more. Harmless when it has ended. */
    public void leave() {
        if (state != Left.LEFT) {
            become(Left.LEFT);
            feed.leave(lane(), target);
        }
    }

    /** Tells the client its cursor, if it wants cursors: otherwise that of a quiet one would grow old. */
    public void beat() {
        if (isLive() && subscriber.form().hasCursor()) {
            int asked = step;
            feed.marked(lane(), mark -> {
                if (asked == step) {
                    tellCursor(mark);
                }
            });
        }
    }

    private void tellCursor(Mark mark) {
        long nowMs = nowMs();
        var _ = subscriber.offer(encoded(Frames.cursor(target.group(), target.itemId(), nowMs), mark, nowMs));
    }

    /** Begins: whatever is told from now on it will get, or find in its snapshot. */
    void begin(@Nullable String cursorText) {
        Mark entered = feed.enter(lane(), target);
        if (cursorText == null) {
            load(entered);
            return;
        }
        Cursor cursor = Cursor.parse(cursorText);
        if (cursor != null && feed.knows(cursor)) {
            become(new Joining(cursor.mark(), null, new Seen()));
            catchUp(cursor.mark(), new Patience.Cursor(cursor.seconds()));
        } else {
            reset(Reset.UNKNOWN, null, entered);
        }
    }

    /**
     * Begins again.
     *
     * @param from how far the client has got; null if nobody knows
     */
    private void reset(Reset reason, @Nullable Mark from, @Nullable Mark entered) {
        subscriber.feeds().events().reset(reason);
        Json frame = Frames.reset(target.group(), target.itemId(), reason.text(), nowMs());
        // Of no age at all: who comes back with it before the snapshot has come is told that it is too old.
        subscriber.sync(from == null ? feed.stamp().encodeNowhere(subscriber.form(), frame) : encoded(frame, from, 0));
        load(entered);
    }

    private void load(@Nullable Mark entered) {
        become(new Loading(entered, new Seen()));
        int asked = step;
        feed.snapshot(target)
                .thenAccept(snapshot -> lane().execute(() -> {
                    if (asked == step && state instanceof Loading loading) {
                        loaded(loading, snapshot);
                    }
                }));
    }

    private void loaded(Loading loading, Snapshot snapshot) {
        Mark entered = loading.entered();
        Mark mark = snapshot.mark();
        Mark from = entered == null ? mark : new Mark(mark.change(), entered.event());
        become(new Joining(from, snapshot, loading.seen()));
        catchUp(from, Patience.Log.LOG);
    }

    private void catchUp(Mark from, Patience patience) {
        int asked = step;
        int mostBytes = mode instanceof Mode.Latest ? Integer.MAX_VALUE : Feeds.MOST_AT_ONCE_BYTES;
        feed.catchUp(new CatchUp(lane(), target, from, patience, mostBytes, answer -> {
            if (asked == step) {
                answered(answer);
            }
        }));
    }

    private void answered(Answer answer) {
        switch (state) {
            case Joining joining -> joined(joining, answer);
            case Fetching fetching -> fetched(fetching, answer);
            case Loading ignored -> {}
            case Live ignored -> {}
            case Behind ignored -> {}
            case Pausing ignored -> {}
            case Left ignored -> {}
        }
    }

    private void joined(Joining joining, Answer answer) {
        Snapshot sync = joining.sync();
        switch (answer) {
            case Answer.Found found -> {
                if (sync != null) {
                    subscriber.sync(sync.wire(subscriber.form(), joining.from()));
                } else {
                    subscriber.feeds().events().resumed(found.deliveries().size());
                }
                release(joining.from(), found, joining.seen());
                if (sync == null && isLive() && subscriber.form().hasCursor()) {
                    tellCursor(found.through()); // so that it knows, however quiet the group is
                }
            }
            case Answer.Gone(Reset reason) -> {
                if (sync == null) {
                    reset(reason, joining.from(), feed.mark());
                } else {
                    load(feed.mark()); // the snapshot is too old already, and nobody has seen it
                }
            }
        }
    }

    private void fetched(Fetching fetching, Answer answer) {
        switch (answer) {
            case Answer.Found found -> release(fetching.from(), found, NONE_SEEN);
            case Answer.Gone(Reset reason) -> {
                switch (mode) {
                    case Mode.Every ignored -> reset(reason, fetching.from(), feed.mark());
                    case Mode.Latest ignored -> load(feed.mark()); // a snapshot is the latest of everything
                }
            }
        }
    }

    /** Passes on what was lacking, as far as there is room. */
    private void release(Mark from, Answer.Found found, Seen seen) {
        List<Delivery> due = mode instanceof Mode.Latest ? Conflation.newest(found.deliveries()) : found.deliveries();
        if (due.size() < found.deliveries().size()) {
            subscriber.feeds().events().conflated(found.deliveries().size() - due.size());
        }
        Mark reached = from;
        for (Delivery delivery : due) {
            Mark next = reached.orLater(delivery.mark());
            if (!seen.has(delivery) && !subscriber.release(delivery, next)) {
                fallBehind(reached);
                return;
            }
            reached = next;
        }
        if (!found.all()) {
            become(new Fetching(reached));
            catchUp(reached, Patience.None.NONE);
        } else if (due.isEmpty() || !interval().isPositive()) {
            become(Live.LIVE);
        } else {
            pause(found.through());
        }
    }

    /** Passes a frame on. */
    void tell(Delivery delivery, long sequence) {
        if (!subscriber.tell(delivery, sequence)) {
            fallBehind(delivery.before());
        } else if (interval().isPositive()) {
            pause(delivery.mark());
        }
    }

    private void fallBehind(Mark from) {
        become(new Behind(from));
        subscriber.feeds().events().lagged();
    }

    private void pause(Mark from) {
        become(new Pausing(from));
        int asked = step;
        subscriber
                .feeds()
                .scheduler()
                .after(
                        interval(),
                        () -> lane().execute(() -> {
                            if (asked == step) {
                                fetch();
                            }
                        }));
    }

    /** There is room, or it is time: gets what it lacks. */
    void fetch() {
        Mark from = switch (state) {
            case Behind(Mark mark) -> mark;
            case Pausing(Mark mark) -> mark;
            case Loading ignored -> null;
            case Joining ignored -> null;
            case Live ignored -> null;
            case Fetching ignored -> null;
            case Left ignored -> null;
        };
        if (from != null) {
            become(new Fetching(from));
            catchUp(from, Patience.None.NONE);
        }
    }

    /** What was told is not what comes next in the log: some of it is missing. */
    void startOver(Reset reason) {
        if (state != Left.LEFT) {
            reset(reason, null, feed.mark());
        }
    }

    /** Notes an event that another subscription has brought, if this one still waits. */
    void note(Delivery event, long sequence) {
        if (subscriber.wasTold(sequence)) {
            seen(event);
        }
    }

    /** Another subscription of the same subscriber has brought this event. */
    void seen(Delivery event) {
        switch (state) {
            case Loading loading -> loading.seen().add(event);
            case Joining joining -> joining.seen().add(event);
            case Live ignored -> {}
            case Behind ignored -> {}
            case Pausing ignored -> {}
            case Fetching ignored -> {}
            case Left ignored -> {}
        }
    }

    private void become(SubscriptionState next) {
        if (takesPart()) {
            lane().remove(this);
        }
        if (waits(state) && !waits(next)) {
            subscriber.waitsNoMore(this);
        }
        if (state instanceof Behind) {
            subscriber.isBehindNoMore(this);
        }
        boolean waited = waits(state);
        state = next;
        step++;
        if (takesPart()) {
            lane().add(this);
        }
        if (waits(next) && !waited) {
            subscriber.waits(this);
        }
        if (next instanceof Behind) {
            subscriber.fallsBehind(this);
        }
    }

    private boolean takesPart() {
        return isLive() || waits(state);
    }

    private static boolean waits(SubscriptionState state) {
        return state instanceof Loading || state instanceof Joining;
    }

    boolean isLive() {
        return state == Live.LIVE;
    }

    private Duration interval() {
        return mode instanceof Mode.Latest(Duration interval) ? interval : Duration.ZERO;
    }

    private byte[] encoded(Json frame, Mark mark, long nowMs) {
        return feed.stamp().encode(subscriber.form(), frame, mark, nowMs / 1_000);
    }

    private long nowMs() {
        return subscriber.feeds().clock().millis();
    }

    private Lane lane() {
        return subscriber.lane();
    }

    Target target() {
        return target;
    }

    /** The group it is to. */
    public Group group() {
        return target.group();
    }

    /** The item it is to; null for the whole group. */
    @Nullable
    public String itemId() {
        return target.itemId();
    }

    int seat() {
        return seat;
    }

    void seat(int index) {
        seat = index;
    }
}
