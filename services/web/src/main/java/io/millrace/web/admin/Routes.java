package io.millrace.web.admin;

import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Functions;
import io.millrace.web.listen.PercentEncoding;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.util.Collection;
import java.util.Objects;

/** Which path is answered by what. */
final class Routes implements HttpHandler {
    private static final String FUNCTIONS = "/v1/functions";

    private final FunctionCalls calls;
    private final Functions functions;
    private final HealthRoutes health;

    Routes(FunctionCalls calls, Functions functions, Observed observed) {
        this.calls = calls;
        this.functions = functions;
        this.health = new HealthRoutes(observed);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        String path = decoded(exchange.getRelativePath());
        if (path.startsWith(FUNCTIONS + "/") && path.length() > FUNCTIONS.length() + 1) {
            if (HealthRoutes.allows(exchange, Methods.POST)) {
                calls.receive(exchange, path.substring(FUNCTIONS.length() + 1));
            }
            return;
        }
        switch (path) {
            case FUNCTIONS, FUNCTIONS + "/" -> HealthRoutes.get(exchange, () -> ids(exchange));
            default -> health.receive(exchange, path);
        }
    }

    /** The port gives paths as they were sent; what cannot be decoded is at no path of ours. */
    static String decoded(String path) {
        return Objects.requireNonNullElse(PercentEncoding.decoded(path), path);
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
}
