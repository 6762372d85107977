package io.millrace.web.worker;

import io.millrace.engine.channel.ChannelFinder;
import io.millrace.engine.channel.End;
import io.millrace.engine.channel.Found;
import io.millrace.engine.worker.Workers;
import io.millrace.web.listen.HttpPort;
import io.millrace.web.socket.MessageSockets;
import io.millrace.web.socket.SocketEvents;
import io.millrace.web.telemetry.Telemetry;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker port: {@code /}, {@code /otel} and {@code /ws/channels/{id}?key=…&dir=read|write}. */
public final class WorkerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerServer.class);
    private static final String CHANNELS = "/ws/channels/";

    private final ChannelFinder channels;
    private final ExecutorService large = Executors.newVirtualThreadPerTaskExecutor();
    private final TelemetrySocket telemetry;
    private final WorkerSocket.Means means;
    private final MessageSockets sockets;
    private @Nullable HttpPort http;

    private WorkerServer(
            WorkerServerConfig config,
            Workers workers,
            ChannelFinder channels,
            Telemetry telemetry,
            SocketEvents events) {
        this.channels = channels;
        this.telemetry = new TelemetrySocket(telemetry);
        this.means = new WorkerSocket.Means(new MessageReader(config.maxDepth()), workers, this.telemetry, large);
        this.sockets = new MessageSockets(config.sockets(), events);
    }

    /**
     * Begins to listen.
     *
     * @param channels where the channels are that sockets are to be an end of, of this node or of all
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static WorkerServer open(
            WorkerServerConfig config,
            Workers workers,
            ChannelFinder channels,
            Telemetry telemetry,
            SocketEvents events) {
        WorkerServer server = new WorkerServer(config, workers, channels, telemetry, events);
        workers.listen(new IgnoredMessages());
        HttpPort http = HttpPort.open(config.bind(), config.ioThreads(), server::handle);
        server.http = http;
        LOG.atInfo().addKeyValue("port", http.port()).log("worker port open");
        return server;
    }

    /** The port that is listened on. */
    public int port() {
        return http == null ? 0 : http.port();
    }

    private void handle(HttpServerExchange exchange) {
        String path = path(exchange);
        if (path.equals("/")) {
            String address = address(exchange);
            sockets.upgrade(exchange, socket -> new WorkerSocket(socket, means, address));
        } else if (path.equals("/otel")) {
            sockets.upgrade(exchange, socket -> telemetry);
        } else if (path.startsWith(CHANNELS)) {
            channel(exchange, path.substring(CHANNELS.length()));
        } else {
            answer(exchange, 404, "Not found");
        }
    }

    /** The path as it was sent. Clients that are given an address with a slash at its end may send one too many. */
    private static String path(HttpServerExchange exchange) {
        String path = exchange.isHostIncludedInRequestURI() ? exchange.getRequestPath() : exchange.getRequestURI();
        int from = 0;
        while (from + 1 < path.length() && path.charAt(from) == '/' && path.charAt(from + 1) == '/') {
            from++;
        }
        return path.isEmpty() ? "/" : path.substring(from);
    }

    private static String address(HttpServerExchange exchange) {
        InetSocketAddress source = exchange.getSourceAddress();
        return source.getAddress() == null
                ? source.getHostString()
                : source.getAddress().getHostAddress();
    }

    private void channel(HttpServerExchange exchange, String id) {
        String key = parameter(exchange, "key");
        String direction = parameter(exchange, "dir");
        boolean reads = "read".equals(direction);
        if (key == null || !(reads || "write".equals(direction))) {
            answer(exchange, 400, "key and dir are required; dir is read or write");
            return;
        }
        End end = reads ? End.READER : End.WRITER;
        CompletableFuture<Found> sought = channels.seek(id, key, end).toCompletableFuture();
        if (sought.isDone()) {
            found(exchange, end, sought.join());
        } else {
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> {
                var _ = sought.thenAccept(found -> onIo(exchange, () -> found(exchange, end, found)));
            });
        }
    }

    /** Back to the connection's own thread: an answer may come on anybody's. */
    private static void onIo(HttpServerExchange exchange, Runnable task) {
        try {
            exchange.getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            // The thread has ended, and with it the connection.
            return;
        }
    }

    private void found(HttpServerExchange exchange, End end, Found found) {
        switch (found) {
            case Found.Known(var entered) ->
                sockets.upgrade(exchange, socket -> switch (end) {
                    case READER -> ChannelReaderSocket.on(socket, entered.get());
                    case WRITER -> ChannelWriterSocket.on(socket, entered.get());
                });
            case Found.Nowhere ignored -> answer(exchange, 404, "Channel not found");
            case Found.OutOfReach ignored -> answer(exchange, 503, "The channel's node cannot be reached");
        }
    }

    private static @Nullable String parameter(HttpServerExchange exchange, String name) {
        Map<String, Deque<String>> parameters = exchange.getQueryParameters();
        Deque<String> found = parameters.get(name);
        return found == null ? null : found.peekFirst();
    }

    private static void answer(HttpServerExchange exchange, int status, String why) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(why);
    }

    /** Lets nobody in any more, tells all workers that we are going away, and gives them a moment to go first. */
    @Override
    public void close() {
        HttpPort port = http;
        http = null;
        if (port != null) {
            sockets.close();
            port.close();
            large.shutdownNow();
            LOG.atInfo().log("worker port closed");
        }
    }
}
