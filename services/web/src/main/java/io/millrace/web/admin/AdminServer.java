package io.millrace.web.admin;

import io.millrace.engine.function.Functions;
import io.millrace.web.RefusedPortException;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.GracefulShutdownHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The admin port: {@code POST /v1/functions/{function_id}}, {@code GET /v1/functions}, {@code GET /health/live}, {@code GET
 * /health/ready} and {@code GET /metrics}.
 */
public final class AdminServer implements AutoCloseable {
    private static final int IDLE_MS = 120_000;
    private static final int REQUEST_PARSE_MS = 30_000;
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Undertow undertow;
    private final GracefulShutdownHandler requests;

    private AdminServer(Undertow undertow, GracefulShutdownHandler requests) {
        this.undertow = undertow;
        this.requests = requests;
    }

    /**
     * Listens.
     *
     * @throws RefusedPortException if the port cannot be had
     */
    public static AdminServer open(AdminConfig config, Functions functions, Observed observed, InstantSource clock) {
        GracefulShutdownHandler requests = new GracefulShutdownHandler(
                new Routes(new FunctionCalls(config, functions, clock), functions, observed));
        Undertow undertow = Undertow.builder()
                .addHttpListener(config.port(), config.host())
                .setIoThreads(Math.max(1, Runtime.getRuntime().availableProcessors()))
                .setWorkerThreads(4)
                // Only what is drained after a refusal; the limit itself is the receiver's, which can still answer.
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 16L * config.maxBodyBytes())
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MS)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, REQUEST_PARSE_MS)
                .setServerOption(UndertowOptions.ALWAYS_SET_DATE, false)
                .setHandler(requests)
                .build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            throw new RefusedPortException(config.host(), config.port(), config.portSetting(), e);
        }
        return new AdminServer(undertow, requests);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) undertow.getListenerInfo().getFirst().getAddress()).getPort();
    }

    /** Refuses new requests, gives those under way a little time, and stops. */
    @Override
    public void close() {
        requests.shutdown();
        try {
            requests.awaitShutdown(DRAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        undertow.stop();
    }
}
