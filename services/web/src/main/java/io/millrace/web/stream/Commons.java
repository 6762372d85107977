package io.millrace.web.stream;

import io.millrace.engine.gate.Gate;
import io.millrace.web.socket.Handshake;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import io.millrace.web.stream.StreamGatewayConfig.Shares;
import io.undertow.server.HttpServerExchange;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What all connections of a gateway have in common. Thread-safe. */
final class Commons {
    private final Limits limits;
    private final Shares shares;
    private final Addresses addresses;
    private final Liveness liveness;
    private final ClientMessage.Reader messages;
    private final GatewayEvents events;
    private final Gate gate;
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger knocking = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong queuedBytes = new AtomicLong();
    private volatile boolean closing;

    Commons(StreamGatewayConfig config, Gate gate, GatewayEvents events) {
        this.limits = config.limits();
        this.shares = config.shares();
        this.addresses = new Addresses(config.shares().socketsPerAddress());
        this.liveness = config.liveness();
        this.messages = new ClientMessage.Reader(config.limits().nameBytes());
        this.gate = gate;
        this.events = events;
    }

    Limits limits() {
        return limits;
    }

    Shares shares() {
        return shares;
    }

    Liveness liveness() {
        return liveness;
    }

    ClientMessage.Reader messages() {
        return messages;
    }

    GatewayEvents events() {
        return events;
    }

    Gate gate() {
        return gate;
    }

    /** Why there is no room for another one from an address, beside those that wait to be let in; null if there is. */
    Handshake.@Nullable Refusal full(long address) {
        if (sockets.get() + knocking.get() >= limits.sockets() || closing) {
            return new Handshake.Refusal(503, "this node has no room or is going away");
        }
        return addresses.hasRoom(address)
                ? null
                : new Handshake.Refusal(429, "more than " + shares.socketsPerAddress() + " sockets of one address");
    }

    /** Answers a request that is not let in. */
    void turnAway(HttpServerExchange exchange, Handshake.Refusal refusal) {
        events.turnedAway(refusal.status());
        Handshake.refuse(exchange, refusal);
    }

    /** Somebody waits to be let in. */
    void knocked() {
        knocking.incrementAndGet();
    }

    /** It waits no more. */
    void answered() {
        knocking.decrementAndGet();
    }

    /** What no socket has been called yet. */
    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /** There is another one from an address. */
    void entered(long address) {
        sockets.incrementAndGet();
        addresses.entered(address);
    }

    /** There is one less. */
    void left(long address) {
        addresses.left(address);
        if (sockets.decrementAndGet() == 0 && closing) {
            synchronized (sockets) {
                sockets.notifyAll();
            }
        }
    }

    int sockets() {
        return sockets.get();
    }

    /** So much more waits for the sockets, or less. */
    void queued(long changeBytes) {
        queuedBytes.addAndGet(changeBytes);
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    /** Whether too much waits for all sockets together. */
    boolean isOverfull() {
        return queuedBytes.get() > limits.nodeQueueBytes();
    }

    boolean isClosing() {
        return closing;
    }

    /** Lets no more sockets in. Says whether this is the first time. */
    boolean close() {
        synchronized (sockets) {
            boolean first = !closing;
            closing = true;
            return first;
        }
    }

    /** Waits until there is no socket. Says whether it came to that. */
    boolean awaitNoSockets(long timeoutMs) throws InterruptedException {
        long end = System.nanoTime() + timeoutMs * 1_000_000;
        synchronized (sockets) {
            while (sockets.get() > 0) {
                long leftMs = (end - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return false;
                }
                sockets.wait(leftMs);
            }
        }
        return true;
    }
}
