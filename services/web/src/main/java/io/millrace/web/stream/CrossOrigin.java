package io.millrace.web.stream;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.List;

/** Which pages of other origins may read event streams, and what browsers want to hear about it. */
final class CrossOrigin {
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_CREDENTIALS = new HttpString("Access-Control-Allow-Credentials");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString REQUEST_HEADERS = new HttpString("Access-Control-Request-Headers");
    private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");
    private static final String PREFLIGHT_SECONDS = "600";
    private static final int MOST_HEADER_NAMES = 1_000;

    private final List<String> allowed;

    /** None given: all of them, but none may send cookies along. */
    CrossOrigin(List<String> allowed) {
        this.allowed = allowed;
    }

    /** Whether the page may, or whoever is no page. */
    boolean allows(HttpServerExchange exchange) {
        String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
        return origin == null || allowed.isEmpty() || allowed.contains(origin);
    }

    /** Tells the browser that the page may read the answer, if that is so. */
    void addTo(HttpServerExchange exchange) {
        HeaderMap answer = exchange.getResponseHeaders();
        if (allowed.isEmpty()) {
            answer.put(ALLOW_ORIGIN, "*");
            return;
        }
        answer.put(Headers.VARY, "Origin");
        String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
        if (origin != null && allowed.contains(origin)) {
            answer.put(ALLOW_ORIGIN, origin);
            answer.put(ALLOW_CREDENTIALS, "true");
        }
    }

    /** Tells it besides what the page may send. */
    void addToPreflight(HttpServerExchange exchange, String methods) {
        addTo(exchange);
        HeaderMap answer = exchange.getResponseHeaders();
        answer.put(ALLOW_METHODS, methods);
        answer.put(MAX_AGE, PREFLIGHT_SECONDS);
        String wanted = exchange.getRequestHeaders().getFirst(REQUEST_HEADERS);
        if (wanted != null && wanted.length() <= MOST_HEADER_NAMES) {
            // By name, since "*" leaves out Authorization.
            answer.put(ALLOW_HEADERS, wanted);
            answer.add(Headers.VARY, "Access-Control-Request-Headers");
        }
    }
}
