package io.millrace.web.socket;

import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/** The message sockets of one port. */
public final class MessageSockets implements AutoCloseable {
    /** Ends need no peer, only their I/O threads' attention. */
    private static final Duration MOST_TO_END = Duration.ofSeconds(1);

    private final MessageSocketConfig config;
    private final SocketEvents events;
    private final Handshake handshake = new Handshake(List.of());
    private final Map<XnioIoThread, MessageLane> lanes = new ConcurrentHashMap<>();
    private final Object left = new Object();
    private int sockets;
    private boolean closing;

    /** No sockets yet. */
    public MessageSockets(MessageSocketConfig config, SocketEvents events) {
        this.config = config;
        this.events = events;
    }

    /**
     * Makes a message socket of a request, or answers it with what it lacks to become one.
     *
     * @param begun called on the socket's I/O thread once it is there, before anything is read; gives who takes its messages
     */
    public void upgrade(HttpServerExchange exchange, Function<MessageSocket, MessageSocket.Listener> begun) {
        Handshake.Refusal refusal = handshake.check(exchange);
        if (refusal == null && !hasRoom()) {
            refusal = new Handshake.Refusal(503, "this node has no room or is going away");
        }
        if (refusal != null) {
            Handshake.refuse(exchange, refusal);
            return;
        }
        handshake.accept(exchange);
        exchange.upgradeChannel((connection, ignored) -> upgraded(connection, Side.SERVER, begun));
        exchange.endExchange();
    }

    /** Takes a connection over that has just been upgraded, on its I/O thread. */
    void upgraded(StreamConnection connection, Side side, Function<MessageSocket, MessageSocket.Listener> begun) {
        if (!enter()) {
            IoUtils.safeClose(connection); // too late even for a close frame: the I/O threads may be ending
            return;
        }
        MessageLane lane = lanes.computeIfAbsent(connection.getIoThread(), thread -> new MessageLane(thread, this));
        MessageSocket.begin(connection, side, lane, begun);
    }

    MessageSocketConfig config() {
        return config;
    }

    SocketEvents events() {
        return events;
    }

    /** How many sockets are open. */
    public int sockets() {
        synchronized (left) {
            return sockets;
        }
    }

    private boolean hasRoom() {
        synchronized (left) {
            return !closing && sockets < config.sockets();
        }
    }

    private boolean enter() {
        synchronized (left) {
            sockets += closing ? 0 : 1;
            return !closing;
        }
    }

    void leave() {
        synchronized (left) {
            sockets--;
            left.notifyAll();
        }
    }

    /** Lets nobody in any more, tells all sockets that we are going away, and gives them a moment to go first. */
    @Override
    public void close() {
        synchronized (left) {
            if (closing) {
                return;
            }
            closing = true;
        }
        lanes.values().forEach(lane -> lane.execute(lane::goAway));
        if (!awaitNoSockets(config.closeTimeout())) {
            lanes.values().forEach(lane -> lane.execute(lane::end));
            awaitNoSockets(MOST_TO_END);
        }
    }

    private boolean awaitNoSockets(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            synchronized (left) {
                while (sockets > 0) {
                    long leftMs = (end - System.nanoTime()) / 1_000_000;
                    if (leftMs <= 0) {
                        return false;
                    }
                    left.wait(leftMs);
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
