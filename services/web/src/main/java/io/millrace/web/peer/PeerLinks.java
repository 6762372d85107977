package io.millrace.web.peer;

import io.millrace.engine.peer.Peers;
import io.millrace.web.listen.HttpPort;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.MessageSocket;
import io.millrace.web.socket.MessageSocketConfig;
import io.millrace.web.socket.MessageSockets;
import io.millrace.web.socket.SocketDialer;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.ssl.XnioSsl;

/**
 * The connections to other nodes, one for each: of two nodes the one with the smaller id dials. Whoever is connected is in
 * {@link Peers} until the connection ends.
 */
public final class PeerLinks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLinks.class);
    private static final String PATH = "/peer";
    private static final int MOST_SOCKETS = 1_024;
    /** A node that pings but takes nothing may be busy; after so many times the silence it is of no use. */
    private static final int SILENCES_STALLED = 10;

    private static final int INTRODUCTION_BYTES = 4 << 10;
    /** Also for a handshake of TLS between two nodes that have just been started on a busy machine. */
    private static final Duration DIAL_PATIENCE = Duration.ofSeconds(5);

    private static final long SWEEP_MS = 20;
    private static final long MOST_TO_LEAVE_MS = 1_000;

    private final PeerLinksConfig config;
    private final Peers peers;
    private final PeerEvents events;
    private final SecureRandom random = new SecureRandom();
    private final Seldom seldom = new Seldom();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("peer-timer").factory());
    private final Map<String, Target> targets = new ConcurrentHashMap<>();
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final MessageSockets sockets;
    private final HttpPort http;
    private final SocketDialer dialer;

    private PeerLinks(PeerLinksConfig config, Peers peers, PeerEvents events) {
        this.config = config;
        this.peers = peers;
        this.events = events;
        this.sockets = new MessageSockets(sockets(config), events);
        SSLContext tls = config.tls().map(PeerCertificates::context).orElse(null);
        this.http = HttpPort.open(config.bind(), config.ioThreads(), tls, this::handle);
        this.dialer = new SocketDialer(http.worker(), tls == null ? null : ssl(tls), sockets);
        timer.scheduleWithFixedDelay(this::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Begins to listen. Everything that {@code peers} does for others has been added before.
     *
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static PeerLinks open(PeerLinksConfig config, Peers peers, PeerEvents events) {
        PeerLinks links = new PeerLinks(config, peers, events);
        LOG.atInfo().addKeyValue("port", links.port()).log("peer port open");
        return links;
    }

    private static MessageSocketConfig sockets(PeerLinksConfig config) {
        long silenceMs = config.silence().toMillis();
        long heartbeatMs = config.heartbeat().toMillis();
        long most = Math.max(config.queueBytes(), config.messageBytes()) + 2 * Replies.SLACK_BYTES;
        return new MessageSocketConfig(
                config.messageBytes() + PeerMessage.MOST_HEAD_BYTES,
                most,
                MOST_SOCKETS,
                config.heartbeat(),
                Math.toIntExact((silenceMs + heartbeatMs - 1) / heartbeatMs),
                config.silence().multipliedBy(SILENCES_STALLED),
                config.silence());
    }

    private static XnioSsl ssl(SSLContext tls) {
        return new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY, tls);
    }

    /** The port that is listened on. */
    public int port() {
        return http.port();
    }

    /** How many nodes are connected. */
    public int links() {
        return links.size();
    }

    /** How much waits to be sent to all of them. */
    public long unsentBytes() {
        return links.values().stream().mapToLong(Link::unsentBytes).sum();
    }

    /**
     * Keeps a connection to a node up, or lets it connect if its id is the smaller one. May be said again, also with another
     * address, which holds from the next connection on.
     *
     * @param address {@code host:port}
     */
    public void connect(String node, String address) {
        if (config.node().compareTo(node) >= 0) {
            return;
        }
        Target known = targets.get(node);
        if (known != null) {
            known.move(address);
            return;
        }
        Target target = new Target(node, address, this::call);
        if (targets.putIfAbsent(node, target) == null) {
            threads.execute(target);
        }
    }

    /** Ends the connection to a node. One that dials this one may come back. */
    public void disconnect(String node) {
        Target target = targets.remove(node);
        if (target != null) {
            target.stop();
        }
        Link link = links.get(node);
        if (link != null) {
            link.end(CloseCode.NORMAL, "not wanted any more");
        }
    }

    private CompletableFuture<Boolean> call(String node, String address) throws IOException, InterruptedException {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        try {
            dialer.dial(uri(address), DIAL_PATIENCE, socket -> introduce(socket, node, over));
        } catch (IOException e) {
            events.unreachable();
            throw e;
        }
        return over;
    }

    private URI uri(String address) throws IOException {
        try {
            return URI.create((config.tls().isPresent() ? "https://" : "http://") + address + PATH);
        } catch (IllegalArgumentException e) {
            throw new ConnectException("address " + address + " (expected: host:port)");
        }
    }

    private void handle(HttpServerExchange exchange) {
        if (exchange.getRequestPath().equals(PATH)) {
            sockets.upgrade(exchange, socket -> introduce(socket, null, new CompletableFuture<>()));
        } else {
            exchange.setStatusCode(404);
            exchange.endExchange();
        }
    }

    /** Begins the introduction on a new socket. */
    private MessageSocket.Listener introduce(
            MessageSocket socket, @Nullable String expected, CompletableFuture<Boolean> over) {
        socket.limitMessages(INTRODUCTION_BYTES);
        byte[] nonce = new byte[Hello.NONCE_BYTES];
        random.nextBytes(nonce);
        Hello hello = new Hello(
                Hello.PROTOCOL,
                Hello.PROTOCOL,
                config.node(),
                config.startMs(),
                config.cluster(),
                expected == null ? "" : expected,
                config.secret().isPresent(),
                HexFormat.of().formatHex(nonce));
        Introduction.Ours ours =
                new Introduction.Ours(hello, expected, config.secret().orElse(null));
        Introduction introduction = new Introduction(socket, ours, new Arrival(over));
        timer.schedule(introduction::expire, config.silence().toMillis(), TimeUnit.MILLISECONDS);
        return introduction;
    }

    /** What becomes of an introduction. */
    private final class Arrival implements Introduction.Reception {
        private final CompletableFuture<Boolean> over;

        Arrival(CompletableFuture<Boolean> over) {
            this.over = over;
        }

        @Override
        public MessageSocket.Listener introduced(Hello theirs, MessageSocket socket, Runnable lastWord)
                throws RefusedException {
            return arrived(theirs, socket, lastWord, over);
        }

        @Override
        public void refused(String node, String why) {
            events.refused();
            if (seldom.isWorthSaying(node + " " + why, System.nanoTime())) {
                LOG.atWarn().addKeyValue("node", node).addKeyValue("why", why).log("node not let in");
            }
            over.complete(false);
        }

        @Override
        public void broken() {
            over.complete(false);
        }
    }

    private Link arrived(Hello theirs, MessageSocket socket, Runnable lastWord, CompletableFuture<Boolean> over)
            throws RefusedException {
        Link link = new Link(socket, theirs, new Link.Means(config, peers, events, InstantSource.system(), threads));
        Link before;
        boolean dialed = config.node().compareTo(theirs.node()) < 0;
        if (dialed && !targets.containsKey(theirs.node())) {
            throw new RefusedException("not wanted any more");
        }
        synchronized (links) {
            before = links.get(theirs.node());
            if (before != null && before.startMs() > theirs.startMs()) {
                throw new RefusedException("a process of that node that was started later is connected");
            }
            links.put(theirs.node(), link);
        }
        socket.limitMessages(config.messageBytes() + PeerMessage.MOST_HEAD_BYTES);
        lastWord.run();
        link.gone().thenRun(() -> {
            links.remove(theirs.node(), link);
            over.complete(true);
            LOG.atInfo().addKeyValue("node", theirs.node()).log("connection to another node is gone");
        });
        LOG.atInfo().addKeyValue("node", theirs.node()).log("connected to another node");
        if (before == null) {
            link.begin();
        } else {
            before.end(CloseCode.NORMAL, "replaced by a later connection");
            before.gone().thenRun(link::begin);
        }
        return link;
    }

    private void sweep() {
        long nowNanos = System.nanoTime();
        links.values().forEach(link -> link.sweep(nowNanos));
    }

    /** Ends all connections, once what was asked before has been sent. Nobody is dialed or let in any more. */
    @Override
    public void close() {
        targets.values().forEach(Target::stop);
        Link[] open = links.values().toArray(Link[]::new);
        sockets.close();
        http.close();
        timer.shutdownNow();
        await(CompletableFuture.allOf(Arrays.stream(open)
                .map(link -> link.gone().toCompletableFuture())
                .toArray(CompletableFuture[]::new)));
        threads.shutdownNow();
        LOG.atInfo().log("peer port closed");
    }

    private static void await(CompletableFuture<Void> left) {
        try {
            left.get(MOST_TO_LEAVE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().log("connections to other nodes took too long to end");
        }
    }
}
