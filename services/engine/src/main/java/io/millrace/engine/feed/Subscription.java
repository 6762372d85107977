package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.engine.feed.SubscriptionState.Left;
import io.millrace.engine.feed.SubscriptionState.Live;
import io.millrace.engine.feed.SubscriptionState.Loading;
import org.jspecify.annotations.Nullable;

/** One subscriber's interest in a group or in one item of it. Only to be touched on its lane. */
public final class Subscription {
    private final Subscriber subscriber;
    private final Target target;
    private final PartitionFeed feed;
    private SubscriptionState state = new Loading();
    /** Where the audience keeps it. */
    private int seat;

    Subscription(Subscriber subscriber, Target target, PartitionFeed feed) {
        this.subscriber = subscriber;
        this.target = target;
        this.feed = feed;
    }

    /** Ends it: no frame comes for its sake any more. Harmless when it has ended. */
    public void leave() {
        switch (state) {
            case Loading loading -> {
                part();
                subscriber.loadingEnded(this);
                state = loading.left();
            }
            case Live live -> {
                part();
                state = live.left();
            }
            case Left ignored -> {}
        }
    }

    /** Tells the client its cursor, if it wants cursors and the partition has moved on since it was last told one. */
    public void beat() {}

    private void part() {
        subscriber.lane().remove(this);
        feed.leave(subscriber.lane(), target);
    }

    /** Begins: whatever is told from now on is held or in the snapshot, or both. */
    void begin() {
        subscriber.lane().add(this);
        feed.enter(subscriber.lane(), target);
        load();
    }

    private void load() {
        SubscriptionState asked = state;
        feed.snapshot(target).thenAccept(snapshot -> subscriber.lane().execute(() -> loaded(asked, snapshot)));
    }

    private void loaded(SubscriptionState asked, Snapshot snapshot) {
        if (!asked.equals(state) || !(state instanceof Loading loading)) {
            return; // left meanwhile, or overflown and waiting for a later snapshot
        }
        subscriber.lane().remove(this);
        state = loading.synced(snapshot.position());
        subscriber.lane().add(this);
        subscriber.loadingEnded(this);
        subscriber.sync(snapshot.wire());
        for (Delivery held : loading.held().deliveries()) {
            if (held.isAfter(snapshot.position())) {
                subscriber.release(held);
            }
        }
        subscriber.flush();
    }

    /** Passes a frame on, if it is live and its snapshot does not include it. */
    void tell(Delivery delivery, long sequence) {
        if (state instanceof Live live && delivery.isAfter(live.position())) {
            subscriber.tell(delivery, sequence);
        }
    }

    /** Keeps a frame for later, if it is loading. To be called after every live one has been told. */
    void hold(Delivery delivery, long sequence, int heldBytes) {
        if (!(state instanceof Loading loading)) {
            return;
        }
        if (delivery.isEvent() && subscriber.wasTold(sequence)) {
            return;
        }
        loading.held().add(delivery);
        if (loading.held().bytes() > heldBytes) {
            Loading emptier = loading.overflown();
            if (emptier.held().bytes() > heldBytes / 2) {
                // Hardly room for more: it would overflow, and want another snapshot, again and again.
                emptier = new Loading();
                subscriber.lost();
            }
            state = emptier;
            load();
        }
    }

    /** Another subscription of the same subscriber has brought this event. */
    void forget(Delivery event) {
        if (state instanceof Loading loading) {
            loading.held().remove(event);
        }
    }

    boolean isLoading() {
        return state instanceof Loading;
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
