package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.core.change.Frames;
import io.millrace.engine.feed.Subscriber;
import io.millrace.engine.feed.Subscription;
import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Gate;
import io.millrace.engine.gate.Verdict;
import io.millrace.engine.gate.Visit;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.ProtocolException;
import io.millrace.web.stream.ClientMessage.Asked;
import io.millrace.web.stream.ClientMessage.Join;
import io.millrace.web.stream.ClientMessage.Leave;
import io.millrace.web.stream.ClientMessage.Misfit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one connection. Messages take effect in order; a join waits for its turn while the gate thinks about an
 * earlier one, while many snapshots are on their way, or while the client has not taken the last ones yet, so that no
 * client can make us hold many.
 */
final class Subscriptions {
    private static final int MOST_LOADING = 16;

    private final Subscriber subscriber;
    private final Connection connection;
    private final Map<String, Subscription> joined = new HashMap<>(2);
    private @Nullable Deque<ClientMessage> waiting;

    Subscriptions(Subscriber subscriber, Connection connection) {
        this.subscriber = subscriber;
        this.connection = connection;
    }

    /** Takes a message in and does what is due. */
    void accept(ClientMessage message) throws ProtocolException {
        Deque<ClientMessage> line = waiting;
        if (line == null) {
            line = new ArrayDeque<>(2);
            waiting = line;
        }
        if (line.size() >= mostSubscriptions()) {
            throw new ProtocolException(CloseCode.POLICY, "too many messages waiting");
        }
        line.add(message);
        proceed();
    }

    /** Does what is due. */
    void proceed() throws ProtocolException {
        Deque<ClientMessage> line = waiting;
        while (line != null && !line.isEmpty()) {
            switch (line.element()) {
                case Leave(String subscriptionId, Group group, String itemId) -> leave(subscriptionId, group, itemId);
                case Join join -> {
                    boolean busy = subscriber.loading() >= MOST_LOADING
                            || connection.queuedBytes() > commons().limits().queueBytes();
                    if (busy) {
                        return;
                    }
                    requireRoom(join.subscriptionId());
                    if (gate().asksOnJoin(join.group().streamName())) {
                        Asked asked =
                                new Asked(visit(join.subscriptionId(), join.group(), join.itemId()), join.terms());
                        line.remove();
                        line.addFirst(asked);
                        ask(asked);
                        return;
                    }
                    join(join.subscriptionId(), join.group(), join.itemId(), join.terms());
                }
                case Misfit misfit -> {
                    commons().events().joinRefused(GatewayEvents.JoinRefusal.TERMS);
                    connection.answer(
                            Frames.refused(misfit.group(), misfit.itemId(), misfit.why(), System.currentTimeMillis()));
                }
                case Asked ignored -> {
                    return;
                }
            }
            line.remove();
        }
        waiting = null;
    }

    private void ask(Asked asked) {
        SocketLane lane = connection.lane();
        gate().join(asked.visit()).thenAccept(verdict -> lane.execute(() -> answered(asked, verdict)));
    }

    private void answered(Asked asked, Verdict verdict) {
        try {
            decided(asked, verdict);
        } catch (ProtocolException e) {
            connection.violated(e);
        }
        connection.flush();
    }

    /** The gate's verdict on the join that is first in line. */
    private void decided(Asked asked, Verdict verdict) throws ProtocolException {
        Visit visit = asked.visit();
        Deque<ClientMessage> line = waiting;
        if (line == null || !asked.equals(line.peek())) {
            // The client has gone meanwhile; but whoever let it in takes it for there.
            if (verdict instanceof Verdict.Admitted) {
                gate().left(visit);
            }
            return;
        }
        line.remove();
        switch (verdict) {
            case Verdict.Admitted ignored -> join(visit.subscriptionId(), visit.group(), visit.itemId(), asked.terms());
            case Verdict.Refused ignored -> {
                commons().events().joinRefused(GatewayEvents.JoinRefusal.UNAUTHORIZED);
                connection.answer(Frames.unauthorized(visit.group(), visit.itemId(), System.currentTimeMillis()));
            }
        }
        proceed();
    }

    private void requireRoom(String subscriptionId) throws ProtocolException {
        if (joined.size() >= mostSubscriptions() && !joined.containsKey(subscriptionId)) {
            throw new ProtocolException(CloseCode.POLICY, "more than " + mostSubscriptions() + " subscriptions");
        }
    }

    /** One that has the same id goes at last, and tells nobody: to those who care it is the same. */
    private void join(String subscriptionId, Group group, @Nullable String itemId, Terms terms) {
        Subscription before = joined.remove(subscriptionId);
        if (before != null) {
            before.leave();
        }
        gate().joined(visit(subscriptionId, group, itemId));
        joined.put(subscriptionId, subscriber.join(group, itemId, terms));
        commons().events().joined();
    }

    /** Even one that is not there is told, as the original does. */
    private void leave(String subscriptionId, Group group, @Nullable String itemId) {
        Subscription subscription = joined.remove(subscriptionId);
        if (subscription == null) {
            gate().left(visit(subscriptionId, group, itemId));
        } else {
            end(subscriptionId, subscription);
        }
    }

    private void end(String subscriptionId, Subscription subscription) {
        subscription.leave();
        gate().left(visit(subscriptionId, subscription.group(), subscription.itemId()));
    }

    /** There is room again for what could not be taken. */
    void roomAgain() {
        subscriber.roomAgain();
    }

    /** Tells quiet ones where they are, as far as they want to know. */
    void beat() {
        joined.values().forEach(Subscription::beat);
    }

    /** Ends all of them. */
    void leaveAll() {
        waiting = null;
        joined.forEach(this::end);
        joined.clear();
    }

    private Visit visit(String subscriptionId, Group group, @Nullable String itemId) {
        return new Visit(connection.number(), subscriptionId, group, itemId, connection.context());
    }

    private Gate gate() {
        return commons().gate();
    }

    private Commons commons() {
        return connection.lane().commons();
    }

    private int mostSubscriptions() {
        return commons().limits().subscriptions();
    }
}
