package io.millrace.web.stream;

import io.millrace.core.value.Json;
import io.millrace.engine.feed.Feeds;
import io.millrace.engine.feed.FrameEncoder;
import io.millrace.engine.gate.Arrival;
import io.millrace.engine.gate.Gate;
import io.millrace.engine.gate.Verdict;
import io.millrace.web.listen.HttpPort;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.Handshake;
import io.millrace.web.socket.WireFrames;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.SameThreadExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/**
 * The stream port. WebSockets connect to {@code /}, {@code /stream} or {@code /streams} and join and leave groups by
 * messages, or to {@code /stream/{stream}/{group}[/{item}]}, which joins by itself.
 *
 * <p>Undertow does HTTP and the handshake, after which the connection is ours. A socket belongs to one I/O thread, and so
 * do its subscriptions.
 */
public final class StreamGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamGateway.class);

    /** Ends need no peer, only their I/O threads' attention. */
    private static final Duration MOST_TO_END = Duration.ofSeconds(1);

    /** What the gate knows about who opens a socket. */
    private static final AttachmentKey<Json> CONTEXT = AttachmentKey.create(Json.class);

    private final Commons commons;
    private final Feeds feeds;
    private final Handshake handshake;
    private final Map<XnioIoThread, SocketLane> lanes = new ConcurrentHashMap<>();
    private @Nullable HttpPort http;

    private StreamGateway(StreamGatewayConfig config, Feeds feeds, Gate gate, GatewayEvents events) {
        this.feeds = feeds;
        this.handshake = new Handshake(config.allowedOrigins());
        this.commons = new Commons(config, gate, events);
    }

    /**
     * Begins to listen.
     *
     * @param feeds whose encoder is {@link #encoder()}; still to be closed by whoever made them, after this
     * @param gate asked before a socket opens and before a subscription begins
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static StreamGateway open(StreamGatewayConfig config, Feeds feeds, Gate gate, GatewayEvents events) {
        StreamGateway gateway = new StreamGateway(config, feeds, gate, events);
        HttpPort http = HttpPort.open(config.bind(), config.ioThreads(), gateway::handle);
        gateway.http = http;
        LOG.atInfo().addKeyValue("port", http.port()).log("stream port open");
        return gateway;
    }

    /** The same with everybody let in. */
    public static StreamGateway open(StreamGatewayConfig config, Feeds feeds, GatewayEvents events) {
        return open(config, feeds, Gate.OPEN, events);
    }

    /** What makes WebSocket text frames of frames: for the feeds that a gateway is given. */
    public static FrameEncoder encoder() {
        return (form, frame, cursor) -> WireFrames.frame(WireFrames.TEXT, frame.utf8());
    }

    /** The port that is listened on. */
    public int port() {
        return http == null ? 0 : http.port();
    }

    /** How many sockets are open. */
    public int sockets() {
        return commons.sockets();
    }

    private void handle(HttpServerExchange exchange) {
        if (path(exchange) instanceof StreamPath.Unknown) {
            Handshake.refuse(
                    exchange, new Handshake.Refusal(404, "no such path (expected: / or /stream/{stream}/{group})"));
            return;
        }
        Handshake.Refusal refusal = handshake.check(exchange);
        if (refusal == null && !commons.hasRoom()) {
            refusal = new Handshake.Refusal(503, "this node has no room or is going away");
        }
        if (refusal != null) {
            Handshake.refuse(exchange, refusal);
        } else if (commons.gate().asksOnArrival()) {
            commons.knocked();
            Arrival arrival = arrival(exchange);
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> ask(exchange, arrival));
        } else {
            upgrade(exchange);
        }
    }

    private void ask(HttpServerExchange exchange, Arrival arrival) {
        commons.gate().arrive(arrival).thenAccept(verdict -> {
            try {
                // Back to the connection's own thread: this one may belong to anybody.
                exchange.getIoThread().execute(() -> decided(exchange, verdict));
            } catch (RejectedExecutionException e) {
                commons.answered(); // The thread has ended, and with it the connection.
            }
        });
    }

    private void decided(HttpServerExchange exchange, Verdict verdict) {
        commons.answered();
        switch (verdict) {
            case Verdict.Admitted(Json context) -> {
                if (context != null) {
                    exchange.putAttachment(CONTEXT, context);
                }
                upgrade(exchange);
            }
            case Verdict.Refused(String why) -> Handshake.refuse(exchange, new Handshake.Refusal(401, why));
        }
    }

    private static Arrival arrival(HttpServerExchange exchange) {
        Map<String, String> headers = new LinkedHashMap<>();
        HeaderMap given = exchange.getRequestHeaders();
        for (HeaderValues values : given) {
            String last = values.getLast();
            if (isText(last)) {
                headers.put(values.getHeaderName().toString().toLowerCase(Locale.ROOT), last);
            }
        }
        return new Arrival(headers, sentPath(exchange), Arrival.query(exchange.getQueryString()), peer(exchange));
    }

    /** Whether a header's value is one that everybody reads alike. */
    private static boolean isText(String value) {
        return value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t');
    }

    private static String peer(HttpServerExchange exchange) {
        InetSocketAddress address = exchange.getSourceAddress();
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private void upgrade(HttpServerExchange exchange) {
        handshake.accept(exchange);
        exchange.upgradeChannel(this::upgraded);
        exchange.endExchange();
    }

    private static StreamPath path(HttpServerExchange exchange) {
        return StreamPath.of(sentPath(exchange));
    }

    private static String sentPath(HttpServerExchange exchange) {
        // Not always the path: Undertow takes what follows a semicolon out of it.
        return exchange.isHostIncludedInRequestURI() ? exchange.getRequestPath() : exchange.getRequestURI();
    }

    private void upgraded(StreamConnection connection, HttpServerExchange exchange) {
        if (commons.isClosing()) {
            IoUtils.safeClose(connection); // too late even for a close frame: the I/O threads may be ending
            return;
        }
        SocketLane lane =
                lanes.computeIfAbsent(connection.getIoThread(), thread -> new SocketLane(thread, commons, feeds));
        boolean room = commons.hasRoom();
        StreamSocket socket = StreamSocket.begin(connection, lane, exchange.getAttachment(CONTEXT));
        if (!room) {
            socket.close(CloseCode.TRY_AGAIN_LATER, "no room");
        } else if (path(exchange) instanceof StreamPath.Joined joined) {
            socket.join(UUID.randomUUID().toString(), joined.group(), joined.itemId());
        }
    }

    /** Lets nobody in any more, tells all sockets that we are going away, and gives them a moment to go first. */
    @Override
    public void close() {
        HttpPort port = http;
        if (!commons.close() || port == null) {
            return;
        }
        lanes.values().forEach(lane -> lane.execute(lane::goAway));
        boolean politely = awaitNoSockets(commons.liveness().closeTimeout());
        if (!politely) {
            lanes.values().forEach(lane -> lane.execute(lane::end));
            awaitNoSockets(MOST_TO_END);
        }
        port.close();
        LOG.atInfo().addKeyValue("politely", politely).log("stream port closed");
    }

    private boolean awaitNoSockets(Duration timeout) {
        try {
            return commons.awaitNoSockets(timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
