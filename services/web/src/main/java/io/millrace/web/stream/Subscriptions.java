package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.engine.feed.Subscriber;
import io.millrace.engine.feed.Subscription;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.ProtocolException;
import io.millrace.web.stream.ClientMessage.Join;
import io.millrace.web.stream.ClientMessage.Leave;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one socket. Messages take effect in order; a join waits for its turn while many snapshots are on
 * their way, or the socket has not taken the last ones yet, so that no client can make us hold many.
 */
final class Subscriptions {
    private static final int MOST_LOADING = 16;

    private final Subscriber subscriber;
    private final Commons commons;
    private final Map<String, Subscription> joined = new HashMap<>(2);
    private @Nullable Queue<ClientMessage> waiting;

    Subscriptions(Subscriber subscriber, Commons commons) {
        this.subscriber = subscriber;
        this.commons = commons;
    }

    /** Takes a message in and does what is due. */
    void accept(ClientMessage message, long queuedBytes) throws ProtocolException {
        Queue<ClientMessage> line = waiting;
        if (line == null) {
            line = new ArrayDeque<>(2);
            waiting = line;
        }
        if (line.size() >= commons.limits().subscriptions()) {
            throw new ProtocolException(CloseCode.POLICY, "too many messages waiting");
        }
        line.add(message);
        proceed(queuedBytes);
    }

    /** Does what is due. */
    void proceed(long queuedBytes) throws ProtocolException {
        Queue<ClientMessage> line = waiting;
        while (line != null && !line.isEmpty()) {
            switch (line.element()) {
                case Leave(String subscriptionId) -> leave(subscriptionId);
                case Join(String subscriptionId, Group group, String itemId) -> {
                    boolean busy = subscriber.loading() >= MOST_LOADING
                            || queuedBytes > commons.limits().queueBytes();
                    if (busy) {
                        return;
                    }
                    join(subscriptionId, group, itemId);
                }
            }
            line.remove();
        }
        waiting = null;
    }

    private void join(String subscriptionId, Group group, @Nullable String itemId) throws ProtocolException {
        leave(subscriptionId);
        if (joined.size() >= commons.limits().subscriptions()) {
            throw new ProtocolException(
                    CloseCode.POLICY, "more than " + commons.limits().subscriptions() + " subscriptions");
        }
        joined.put(subscriptionId, subscriber.join(group, itemId));
        commons.events().joined();
    }

    private void leave(String subscriptionId) {
        Subscription subscription = joined.remove(subscriptionId);
        if (subscription != null) {
            subscription.leave();
        }
    }

    /** Ends all of them. */
    void leaveAll() {
        waiting = null;
        joined.values().forEach(Subscription::leave);
        joined.clear();
    }
}
