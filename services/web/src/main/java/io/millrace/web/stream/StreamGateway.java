package io.millrace.web.stream;

import io.millrace.engine.feed.Feeds;
import io.millrace.engine.feed.FrameEncoder;
import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Arrival;
import io.millrace.engine.gate.Gate;
import io.millrace.web.listen.HttpPort;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.Handshake;
import io.millrace.web.stream.StreamGatewayConfig.Compression;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/**
 * The stream port. WebSockets connect to {@code /}, {@code /stream} or {@code /streams} and join and leave groups by
 * messages, or to {@code /stream/{stream}/{group}[/{item}]}, which joins by itself and also speaks server-sent events.
 *
 * <p>Undertow does HTTP and the handshake, after which the connection is ours. A socket belongs to one I/O thread, and so
 * do its subscriptions.
 */
public final class StreamGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamGateway.class);

    /** Ends need no peer, only their I/O threads' attention. */
    private static final Duration MOST_TO_END = Duration.ofSeconds(1);

    private final Commons commons;
    private final Feeds feeds;
    private final Handshake handshake;
    private final Entrance entrance;
    private final EventStreams eventStreams;
    private final Compression compression;
    private final Map<XnioIoThread, SocketLane> lanes = new ConcurrentHashMap<>();
    private @Nullable HttpPort http;

    private StreamGateway(StreamGatewayConfig config, Feeds feeds, Gate gate, GatewayEvents events) {
        this.feeds = feeds;
        this.compression = config.compression();
        this.handshake = new Handshake(config.allowedOrigins());
        this.commons = new Commons(config, gate, events);
        this.entrance = new Entrance(commons);
        this.eventStreams = new EventStreams(commons, entrance, new CrossOrigin(config.allowedOrigins()), this::lane);
    }

    /**
     * Begins to listen.
     *
     * @param feeds whose encoder is {@link #encoder}; still to be closed by whoever made them, after this
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

    /** What makes of frames what goes over the wire: for the feeds that a gateway is given. */
    public static FrameEncoder encoder(StreamGatewayConfig.Compression compression, GatewayEvents events) {
        return new GatewayFrames(compression.minBytes(), events);
    }

    /** The port that is listened on. */
    public int port() {
        return http == null ? 0 : http.port();
    }

    /** How many sockets are open. */
    public int sockets() {
        return commons.sockets();
    }

    /** How many bytes wait for all of them. */
    long queuedBytes() {
        return commons.queuedBytes();
    }

    private void handle(HttpServerExchange exchange) {
        StreamPath path = path(exchange);
        if (EventStreams.isWanted(exchange)) {
            eventStreams.handle(exchange, path);
            return;
        }
        Handshake.Refusal refusal = path instanceof StreamPath.Unknown
                ? new Handshake.Refusal(404, "no such path (expected: / or /stream/{stream}/{group})")
                : handshake.check(exchange);
        if (refusal == null && wanted(path, exchange) instanceof Wanted.Unfit(String why)) {
            refusal = new Handshake.Refusal(400, why);
        }
        if (refusal == null) {
            entrance.enter(exchange, this::upgrade);
        } else {
            commons.turnAway(exchange, refusal);
        }
    }

    /** On what terms a URL joins, or what it wants of the joins to come. */
    private static Wanted wanted(StreamPath path, HttpServerExchange exchange) {
        Map<String, List<String>> query = Arrival.query(exchange.getQueryString());
        return path instanceof StreamPath.Joined ? Wanted.of(query) : Wanted.ofOpen(query);
    }

    private void upgrade(HttpServerExchange exchange) {
        handshake.accept(exchange);
        boolean compressed = compression.enabled() && handshake.compress(exchange);
        exchange.upgradeChannel((connection, upgraded) -> upgraded(connection, upgraded, compressed));
        exchange.endExchange();
    }

    private static StreamPath path(HttpServerExchange exchange) {
        return StreamPath.of(Entrance.sentPath(exchange));
    }

    /** The lane of the connections of a thread. */
    private SocketLane lane(XnioIoThread thread) {
        return lanes.computeIfAbsent(thread, own -> new SocketLane(own, commons, feeds));
    }

    private void upgraded(StreamConnection connection, HttpServerExchange exchange, boolean compressed) {
        if (commons.isClosing()) {
            IoUtils.safeClose(connection); // too late even for a close frame: the I/O threads may be ending
            return;
        }
        SocketLane lane = lane(connection.getIoThread());
        StreamPath path = path(exchange);
        Terms terms = wanted(path, exchange) instanceof Wanted.Fit(Terms fit) ? fit : Terms.USUAL;
        long address = Entrance.address(exchange);
        Handshake.Refusal full = commons.full(address);
        StreamSocket socket = StreamSocket.begin(
                connection,
                lane,
                new StreamSocket.Guest(Entrance.context(exchange), address, compressed, terms.cursors()));
        if (full != null) {
            socket.close(CloseCode.TRY_AGAIN_LATER, full.why());
        } else if (path instanceof StreamPath.Joined joined) {
            socket.join(UUID.randomUUID().toString(), joined.group(), joined.itemId(), terms);
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
