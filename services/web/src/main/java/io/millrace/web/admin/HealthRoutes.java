package io.millrace.web.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The paths that only tell: {@code /health/live}, {@code /health/ready} and {@code /metrics}. */
final class HealthRoutes implements HttpHandler {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Observed observed;

    HealthRoutes(Observed observed) {
        this.observed = observed;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        receive(exchange, Routes.decoded(exchange.getRelativePath()));
    }

    void receive(HttpServerExchange exchange, String path) {
        switch (path) {
            case "/health/live" -> get(exchange, () -> condition(exchange, observed::live));
            case "/health/ready" -> get(exchange, () -> condition(exchange, observed::ready));
            case "/metrics" -> get(exchange, () -> metrics(exchange));
            default -> Answers.failure(exchange, StatusCodes.NOT_FOUND, "not_found", "Nothing is at " + path + ".");
        }
    }

    /** Off the I/O thread: what is asked may take its time. */
    static void get(HttpServerExchange exchange, Runnable answer) {
        if (allows(exchange, Methods.GET)) {
            exchange.dispatch(answer);
        }
    }

    static boolean allows(HttpServerExchange exchange, HttpString method) {
        if (exchange.getRequestMethod().equals(method)) {
            return true;
        }
        exchange.getResponseHeaders().put(Headers.ALLOW, method.toString());
        Answers.failure(
                exchange,
                StatusCodes.METHOD_NOT_ALLOWED,
                "method_not_allowed",
                exchange.getRequestMethod() + " is not for this path (expected: " + method + ").");
        return false;
    }

    private static void condition(HttpServerExchange exchange, Supplier<Condition> asked) {
        Condition condition = asked.get();
        int status = condition.good() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE;
        Answers.json(exchange, status, condition.details().utf8());
    }

    private void metrics(HttpServerExchange exchange) {
        Answers.send(exchange, StatusCodes.OK, PROMETHEUS, observed.metrics().getBytes(StandardCharsets.UTF_8));
    }
}
