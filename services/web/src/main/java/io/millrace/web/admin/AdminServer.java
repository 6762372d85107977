package io.millrace.web.admin;

import io.millrace.engine.function.Functions;
import io.millrace.web.listen.HttpPort;
import io.undertow.server.handlers.GracefulShutdownHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * The admin port: {@code POST /v1/functions/{function_id}}, {@code GET /v1/functions}, {@code GET /health/live}, {@code GET
 * /health/ready} and {@code GET /metrics}.
 */
public final class AdminServer implements AutoCloseable {
    private final HttpPort http;
    private final GracefulShutdownHandler requests;
    private final Supplier<Duration> lastCalls;

    private AdminServer(HttpPort http, GracefulShutdownHandler requests, Supplier<Duration> lastCalls) {
        this.http = http;
        this.requests = requests;
        this.lastCalls = lastCalls;
    }

    /**
     * Listens.
     *
     * @param lastCalls how long requests under way may take once it is closed; asked then
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static AdminServer open(
            AdminConfig config,
            Functions functions,
            Observed observed,
            InstantSource clock,
            Supplier<Duration> lastCalls) {
        GracefulShutdownHandler requests = new GracefulShutdownHandler(
                new Routes(new FunctionCalls(config, functions, clock), functions, observed));
        return new AdminServer(HttpPort.open(config.bind(), config.ioThreads(), requests), requests, lastCalls);
    }

    /** The port that is listened on. */
    public int port() {
        return http.port();
    }

    /** Refuses new requests, gives those under way a little time, and stops. */
    @Override
    public void close() {
        requests.shutdown();
        try {
            requests.awaitShutdown(lastCalls.get().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
