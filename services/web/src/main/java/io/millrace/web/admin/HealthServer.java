package io.millrace.web.admin;

import io.millrace.web.listen.Bind;
import io.millrace.web.listen.HttpPort;

/**
 * A port for probes and for those who collect metrics: {@code GET /health/live}, {@code GET /health/ready} and {@code GET
 * /metrics}, as on the admin port, and nothing that could do anything.
 */
public final class HealthServer implements AutoCloseable {
    private final HttpPort http;

    private HealthServer(HttpPort http) {
        this.http = http;
    }

    /**
     * Listens.
     *
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static HealthServer open(Bind bind, Observed observed) {
        return new HealthServer(HttpPort.open(bind, 1, new HealthRoutes(observed)));
    }

    /** The port that is listened on. */
    public int port() {
        return http.port();
    }

    /** Stops. */
    @Override
    public void close() {
        http.close();
    }
}
