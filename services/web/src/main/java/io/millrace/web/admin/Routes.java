package io.millrace.web.admin;

import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Functions;
import io.millrace.web.listen.PercentEncoding;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Supplier;

/** Which path is answered by what. */
final class Routes implements HttpHandler {
    private static final String FUNCTIONS = "/v1/functions";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final FunctionCalls calls;
    private final Functions functions;
    private final Observed observed;

    Routes(FunctionCalls calls, Functions functions, Observed observed) {
        this.calls = calls;
        this.functions = functions;
        this.observed = observed;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        String path = decoded(exchange.getRelativePath());
        if (path.startsWith(FUNCTIONS + "/") && path.length() > FUNCTIONS.length() + 1) {
            if (allows(exchange, Methods.POST)) {
                calls.receive(exchange, path.substring(FUNCTIONS.length() + 1));
            }
            return;
        }
        switch (path) {
            case FUNCTIONS, FUNCTIONS + "/" -> get(exchange, () -> ids(exchange));
            case "/health/live" -> get(exchange, () -> condition(exchange, observed::live));
            case "/health/ready" -> get(exchange, () -> condition(exchange, observed::ready));
            case "/metrics" -> get(exchange, () -> metrics(exchange));
            default -> Answers.failure(exchange, StatusCodes.NOT_FOUND, "not_found", "Nothing is at " + path + ".");
        }
    }

    /** The port gives paths as they were sent; what cannot be decoded is at no path of ours. */
    private static String decoded(String path) {
        return Objects.requireNonNullElse(PercentEncoding.decoded(path), path);
    }

    /** Off the I/O thread: what is asked may take its time. */
    private static void get(HttpServerExchange exchange, Runnable answer) {
        if (allows(exchange, Methods.GET)) {
            exchange.dispatch(answer);
        }
    }

    private static boolean allows(HttpServerExchange exchange, HttpString method) {
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

    private void ids(HttpServerExchange exchange) {
        JsonText text = new JsonText().raw("{\"functions\":[");
        Collection<String> ids = functions.ids();
        String separator = "";
        for (String id : ids) {
            text.raw(separator).quoted(id);
            separator = ",";
        }
        Answers.json(exchange, StatusCodes.OK, text.raw("]}").bytes());
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
