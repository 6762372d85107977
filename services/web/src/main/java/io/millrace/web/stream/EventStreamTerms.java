package io.millrace.web.stream;

import io.millrace.engine.feed.Mode;
import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Arrival;
import io.millrace.web.listen.PercentEncoding;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** On what terms a request for server-sent events asks for them. */
final class EventStreamTerms {
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");

    private EventStreamTerms() {}

    /** The terms; their cursor is the header's, which browsers keep up to date, before the url's. */
    static Terms of(HttpServerExchange exchange) {
        Map<String, List<String>> query = Arrival.query(exchange.getQueryString());
        String cursor = exchange.getRequestHeaders().getFirst(LAST_EVENT_ID);
        if (cursor == null || cursor.isEmpty()) {
            cursor = value(query, "cursor");
        }
        if (cursor == null) {
            cursor = value(query, "lastEventId");
        }
        return new Terms(mode(query), true, cursor);
    }

    private static Mode mode(Map<String, List<String>> query) {
        String mode = value(query, "mode");
        String interval = value(query, "interval");
        if (mode != null && mode.equals("latest")) {
            return new Mode.Latest(Duration.ofMillis(interval == null ? 0 : millis(interval)));
        }
        if (mode != null && !mode.equals("every")) {
            throw new IllegalArgumentException("mode: " + mode + " (expected: every or latest)");
        }
        if (interval != null) {
            throw new IllegalArgumentException("interval without mode=latest");
        }
        return Mode.Every.EVERY;
    }

    private static long millis(String text) {
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("interval: " + text + " (expected: milliseconds)", e);
        }
    }

    private static @Nullable String value(Map<String, List<String>> query, String name) {
        List<String> values = query.get(name);
        String decoded = values == null ? null : PercentEncoding.decoded(values.getLast());
        return decoded == null || decoded.isEmpty() ? null : decoded;
    }
}
