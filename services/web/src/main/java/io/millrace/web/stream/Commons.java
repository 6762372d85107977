package io.millrace.web.stream;

import io.millrace.engine.gate.Gate;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all sockets of a gateway have in common. */
final class Commons {
    private final Limits limits;
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
        this.liveness = config.liveness();
        this.messages = new ClientMessage.Reader(config.limits().nameBytes());
        this.gate = gate;
        this.events = events;
    }

    Limits limits() {
        return limits;
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

    /** Whether there is room for another socket, beside those that wait to be let in. */
    boolean hasRoom() {
        return sockets.get() + knocking.get() < limits.sockets() && !closing;
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

    /** There is another socket. */
    void entered() {
        sockets.incrementAndGet();
    }

    /** There is one less. */
    void left() {
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
