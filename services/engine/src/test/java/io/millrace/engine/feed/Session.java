package io.millrace.engine.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection of a client to a lane of a node: its subscriptions, and what is on its way to it. */
final class Session {
    private final SimulatedNode node;
    private final int lane;
    private final NarrowOutbox outbox;
    private final @Nullable PacedOutbox pace;
    private final Subscriber subscriber;
    private final Map<Life, Subscription> subscriptions = new LinkedHashMap<>();
    private boolean closed;

    Session(SimulatedNode node, int lane, NarrowOutbox outbox, @Nullable PacedOutbox pace, Form form) {
        this.node = node;
        this.lane = lane;
        this.outbox = outbox;
        this.pace = pace;
        this.subscriber = node.lanes.get(lane).subscriber(pace == null ? outbox : pace, form);
    }

    boolean isOpen() {
        return !closed && node.isAlive();
    }

    private void onLane(Runnable task) {
        node.executors.get(lane).execute(() -> {
            if (!closed) {
                task.run();
            }
        });
    }

    void join(Life life, @Nullable String cursor) {
        life.state = Life.State.IN;
        int partition = life.partition();
        onLane(() -> {
            if (pace != null) {
                pace.joined();
            }
            life.ledger.joining(
                    cursor,
                    node.tail.reads(partition),
                    node.feeds.partition(life.wish.group()).mark());
            subscriptions.put(life, subscriber.join(life.wish.group(), life.wish.item(), life.terms(cursor)));
        });
    }

    void leave(Life life) {
        life.state = Life.State.LEAVING;
        onLane(() -> {
            Subscription subscription = subscriptions.remove(life);
            assertThat(subscription).as("a subscription to leave").isNotNull();
            if (subscription != null) {
                subscription.leave();
            }
            life.state = Life.State.LEFT;
        });
    }

    void beat(Life life) {
        onLane(() -> {
            Subscription subscription = subscriptions.get(life);
            if (subscription != null) {
                subscription.beat();
            }
        });
    }

    /** Says that there is room, which may be true. */
    void roomAgain() {
        onLane(subscriber::roomAgain);
    }

    /** Reads what has come. Says whether that was anything. */
    boolean read(int most, Client client) {
        int read = 0;
        for (byte[] wire = outbox.take(); wire != null; wire = ++read < most ? outbox.take() : null) {
            client.heard(Heard.of(wire));
        }
        if (outbox.hasRoomAgain()) {
            roomAgain();
        }
        if (outbox.isEmpty()) {
            client.drained();
        }
        return read > 0;
    }

    NarrowOutbox outbox() {
        return outbox;
    }

    /** The connection breaks: whatever is on its way is lost. */
    void close() {
        closed = true;
        node.executors.get(lane).execute(() -> {
            subscriptions.values().forEach(Subscription::leave);
            subscriptions.clear();
        });
    }
}
