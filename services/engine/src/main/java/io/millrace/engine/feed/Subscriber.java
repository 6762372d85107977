package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One who subscribes, for instance a socket. Only to be touched on its lane.
 *
 * <p>However many of its live subscriptions match, a frame comes once: clients route frames by stream, group and item,
 * not by subscription. While a further subscription loads, the others go on; what its snapshot lacks then comes again
 * behind that snapshot, since a client that took the snapshot over needs it (changes only, an event never comes twice).
 */
public final class Subscriber {
    private final Feeds feeds;
    private final Lane lane;
    private final Outbox outbox;
    private Form form;
    private long toldSequence;
    private boolean touched;
    private final List<Subscription> loading = new ArrayList<>(0);

    Subscriber(Feeds feeds, Lane lane, Outbox outbox, Form form) {
        this.feeds = feeds;
        this.lane = lane;
        this.outbox = outbox;
        this.form = form;
    }

    /**
     * Subscribes to a group or to one item of it: first comes a {@code sync} frame with what is there, then every change
     * after it and every event from now on, each once and in order. While the owner is away the sync frame waits.
     *
     * @param itemId null for the whole group
     * @param terms on which it is made; a cursor among them spares the snapshot
     */
    public Subscription join(Group group, @Nullable String itemId, Terms terms) {
        form = terms.cursors() ? form.withCursor() : form;
        Subscription subscription = new Subscription(this, new Target(group, itemId), feeds.partition(group));
        loading.add(subscription);
        subscription.begin();
        return subscription;
    }

    /** How many of its subscriptions still wait for their sync frame. */
    public int loading() {
        return loading.size();
    }

    /** The outbox has room again: whoever waits at its place goes on. */
    public void roomAgain() {}

    Form form() {
        return form;
    }

    void loadingEnded(Subscription subscription) {
        loading.remove(subscription);
    }

    Lane lane() {
        return lane;
    }

    void sync(byte[] wire) {
        outbox.sync(wire);
    }

    /** Passes on what a subscription held back. */
    void release(Delivery held) {
        var _ = outbox.offer(held.wire());
        if (held.isEvent()) {
            loading.forEach(other -> other.forget(held));
        }
    }

    /** Events are gone that somebody waited for. */
    void lost() {
        touch();
    }

    void flush() {
        touched = false;
        outbox.flush();
    }

    /** Passes a frame on, unless another subscription has done so. */
    void tell(Delivery delivery, long sequence) {
        if (toldSequence == sequence) {
            return;
        }
        toldSequence = sequence;
        var _ = outbox.offer(delivery.wire());
        touch();
    }

    private void touch() {
        if (!touched) {
            touched = true;
            lane.touched(this);
        }
    }

    boolean wasTold(long sequence) {
        return toldSequence == sequence;
    }
}
