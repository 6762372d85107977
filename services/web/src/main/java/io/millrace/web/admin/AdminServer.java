package io.millrace.web.admin;

import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Functions;
import io.millrace.web.listen.HttpPort;
import io.millrace.web.listen.PercentEncoding;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: {@code POST /v1/functions/{function_id}} invokes a function, {@code GET /v1/functions} lists them,
 * {@code GET /health/live} and {@code GET /health/ready} say how this node is, {@code GET /metrics} has numbers for
 * Prometheus. All on I/O threads; nothing blocks.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final String FUNCTIONS = "/v1/functions";
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpPort http;

    private AdminServer(HttpPort http) {
        this.http = http;
    }

    /**
     * Begins to listen.
     *
     * @param readiness asked at each {@code /health/ready}, must return at once
     * @param metrics asked at each {@code /metrics} for text in Prometheus' format 0.0.4, must not block for long
     * @param clock for deadlines
     * @throws io.millrace.web.listen.PortTakenException if the port cannot be had
     */
    public static AdminServer open(
            AdminServerConfig config,
            Functions functions,
            Supplier<Readiness> readiness,
            Supplier<String> metrics,
            InstantSource clock) {
        Routes routes = new Routes(functions, new FunctionCall(config, functions, clock), readiness, metrics);
        HttpPort http = HttpPort.open(config.bind(), config.ioThreads(), routes::handle);
        LOG.atInfo().addKeyValue("port", http.port()).log("admin port open");
        return new AdminServer(http);
    }

    /** The port that is listened on. */
    public int port() {
        return http.port();
    }

    /** Closes the port and every connection. Calls that are under way go on, but nobody hears of them. */
    @Override
    public void close() {
        http.close();
        LOG.atInfo().log("admin port closed");
    }

    /** Which path is what. */
    private record Routes(
            Functions functions, FunctionCall calls, Supplier<Readiness> readiness, Supplier<String> metrics) {
        void handle(HttpServerExchange exchange) {
            String path = exchange.isHostIncludedInRequestURI() ? exchange.getRequestPath() : exchange.getRequestURI();
            if (path.startsWith(FUNCTIONS + "/") && path.length() > FUNCTIONS.length() + 1) {
                String functionId = PercentEncoding.decoded(path.substring(FUNCTIONS.length() + 1));
                if (functionId == null) {
                    Answers.error(exchange, 400, "invalid_path", path + " (expected: percent-encoded UTF-8)");
                } else if (isMethod(exchange, "POST")) {
                    calls.handle(exchange, functionId);
                }
                return;
            }
            switch (path) {
                case FUNCTIONS -> get(exchange, this::list);
                case "/health/live" ->
                    get(exchange, live -> Answers.json(live, 200, new JsonText().raw("{\"status\":\"live\"}")));
                case "/health/ready" -> get(exchange, this::ready);
                case "/metrics" ->
                    get(
                            exchange,
                            asked -> Answers.send(
                                    asked, 200, METRICS_TYPE, metrics.get().getBytes(StandardCharsets.UTF_8)));
                default -> Answers.error(exchange, 404, "not_found", "no such path: " + path);
            }
        }

        private static void get(HttpServerExchange exchange, Consumer<HttpServerExchange> answer) {
            if (isMethod(exchange, "GET")) {
                answer.accept(exchange);
            }
        }

        /** Whether the method is the one that is allowed here; if not, says so. */
        private static boolean isMethod(HttpServerExchange exchange, String allowed) {
            String method = exchange.getRequestMethod().toString();
            boolean fits = method.equals(allowed);
            if (!fits) {
                exchange.getResponseHeaders().put(Headers.ALLOW, allowed);
                Answers.error(exchange, 405, "method_not_allowed", method + " (expected: " + allowed + ")");
            }
            return fits;
        }

        private void list(HttpServerExchange exchange) {
            JsonText text = new JsonText().raw("{\"functions\":[");
            String separator = "";
            for (String id : functions.ids()) {
                text.raw(separator).quoted(id);
                separator = ",";
            }
            Answers.json(exchange, 200, text.raw("]}"));
        }

        private void ready(HttpServerExchange exchange) {
            Readiness now = readiness.get();
            Answers.json(exchange, now.ready() ? 200 : 503, new JsonText().json(now.description()));
        }
    }
}
