package io.millrace.web.worker;

import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.worker.Workers;
import io.millrace.web.listen.HttpPort;
import io.millrace.web.socket.MessageSockets;
import io.millrace.web.socket.SocketEvents;
import io.millrace.web.telemetry.Telemetry;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker port: {@code /}, {@code /otel} and {@code /ws/channels/{id}?key=…&dir=read|write}. */
public final class WorkerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerServer.class);
    private static final String CHANNELS = "/ws/channels/";

    private final Channels channels;
    private final ExecutorService large = Executors.newVirtualThreadPerTaskExecutor();
    private final TelemetrySocket telemetry;
    private final WorkerSocket.Means means;
    private final MessageSockets sockets;
    private @Nullable HttpPort http;

    private WorkerServer(
            WorkerServerConfig config, Workers workers, Channels channels, Telemetry telemetry, SocketEvents events) {
        this.channels = channels;
        this.telemetry = new TelemetrySocket(telemetry);
        this.means = new WorkerSocket.Means(new MessageReader(config.maxDepth()), workers, this.telemetry, large);
        this.sockets = new MessageSockets(config.sockets(), events);
    }

    /**
     * Begins to listen.
     *
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static WorkerServer open(
            WorkerServerConfig config, Workers workers, Channels channels, Telemetry telemetry, SocketEvents events) {
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
        Channel channel = channels.find(id, key);
        if (channel == null) {
            answer(exchange, 404, "Channel not found");
            return;
        }
        sockets.upgrade(
                exchange,
                socket -> reads ? ChannelReaderSocket.on(socket, channel) : ChannelWriterSocket.on(socket, channel));
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
