package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.engine.port.Mark;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One who subscribes, for instance a socket. Only to be touched on its lane.
 *
 * <p>However many of its live subscriptions match, a frame comes once: clients route frames by stream, group and item,
 * not by subscription. While a further subscription waits for its snapshot, the others go on; what the snapshot lacks then
 * comes again behind it, since a client that took the snapshot over needs it (changes only, an event does not come twice).
 */
public final class Subscriber {
    private final Feeds feeds;
    private final Lane lane;
    private final Outbox outbox;
    private Form form;
    private long toldSequence;
    /** Whether what was told last has been taken. */
    private boolean taken;

    private boolean touched;
    private final List<Subscription> waiting = new ArrayList<>(0);
    private final List<Subscription> behind = new ArrayList<>(0);

    Subscriber(Feeds feeds, Lane lane, Outbox outbox, Form form) {
        this.feeds = feeds;
        this.lane = lane;
        this.outbox = outbox;
        this.form = form;
    }

    /**
     * Subscribes to a group or to one item of it: first comes a {@code sync} frame with what is there, then every change
     * after it and every event from now on, each once and in order. While the owner is away the sync frame waits. With a
     * cursor that is good there is no sync frame: everything after the cursor comes.
     *
     * @param itemId null for the whole group
     * @param terms on which it is made
     */
    public Subscription join(Group group, @Nullable String itemId, Terms terms) {
        if (terms.cursors()) {
            form = form.withCursor();
        }
        Subscription subscription =
                new Subscription(this, new Target(group, itemId), feeds.partition(group), terms.mode());
        subscription.begin(terms.cursor());
        return subscription;
    }

    /** How many of its subscriptions still wait for their sync frame, or for what came after their cursor. */
    public int loading() {
        return waiting.size();
    }

    /** The outbox has room again: whoever waits at its place goes on. */
    public void roomAgain() {
        if (!behind.isEmpty()) {
            List<Subscription> going = List.copyOf(behind);
            behind.clear();
            going.forEach(Subscription::fetch);
        }
    }

    Lane lane() {
        return lane;
    }

    Feeds feeds() {
        return feeds;
    }

    Form form() {
        return form;
    }

    void waits(Subscription subscription) {
        waiting.add(subscription);
    }

    void waitsNoMore(Subscription subscription) {
        waiting.remove(subscription);
    }

    void fallsBehind(Subscription subscription) {
        behind.add(subscription);
        touch(); // so that the outbox tries to get rid of something
    }

    void isBehindNoMore(Subscription subscription) {
        behind.remove(subscription);
    }

    void sync(byte[] wire) {
        outbox.sync(wire);
        touch();
    }

    /**
     * Passes on what one subscription lacked. Says whether there was room.
     *
     * @param mark how far that one has got with it
     */
    boolean release(Delivery delivery, Mark mark) {
        boolean room = offer(delivery.wire(form, mark));
        if (room && delivery.isEvent()) {
            for (Subscription other : waiting) {
                if (other.group().equals(delivery.group())) {
                    other.seen(delivery);
                }
            }
        }
        return room;
    }

    boolean offer(byte[] wire) {
        boolean room = outbox.offer(wire);
        touch();
        return room;
    }

    /** Passes a frame on, unless another subscription has done so. Says whether there was room. */
    boolean tell(Delivery delivery, long sequence) {
        if (toldSequence != sequence) {
            toldSequence = sequence;
            taken = offer(delivery.wire(form));
        }
        return taken;
    }

    boolean wasTold(long sequence) {
        return toldSequence == sequence && taken;
    }

    void flush() {
        touched = false;
        outbox.flush();
    }

    private void touch() {
        if (!touched) {
            touched = true;
            lane.touched(this);
        }
    }
}
