package io.millrace.web.http;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonReader;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.channel.Channel;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request as functions get it. */
final class RequestText {
    /** What a payload has itself; a body's fields do not take their place. */
    private static final Set<String> FIELDS = Set.of(
            "query_params", "path_params", "headers", "path", "method", "body", "trigger", "request_body", "response");

    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final Route route;
    private final byte[] parameters;
    private byte[] body = NULL;
    private byte[] topLevel = {};

    private RequestText(Route route, byte[] parameters) {
        this.route = route;
        this.parameters = parameters;
    }

    /** A request whose body is not known yet. */
    static RequestText of(HttpServerExchange exchange, Route route, Map<String, String> pathParameters) {
        JsonText text = new JsonText(1 << 10).raw("\"query_params\":");
        object(text, QueryString.parsed(exchange.getQueryString()));
        object(text.raw(",\"path_params\":"), pathParameters);
        object(text.raw(",\"headers\":"), headers(exchange));
        return new RequestText(route, text.taken());
    }

    private static Map<String, String> headers(HttpServerExchange exchange) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HeaderValues values : exchange.getRequestHeaders()) {
            String value = values.getLast();
            headers.put(
                    values.getHeaderName().toString().toLowerCase(Locale.ROOT),
                    UserHeaders.isVisible(value) ? value : "");
        }
        return headers;
    }

    private static void object(JsonText text, Map<String, String> strings) {
        String separator = "{";
        for (Map.Entry<String, String> entry : strings.entrySet()) {
            text.raw(separator).quoted(entry.getKey()).raw(":").quoted(entry.getValue());
            separator = ",";
        }
        text.raw(strings.isEmpty() ? "{}" : "}");
    }

    /**
     * Takes the body in, which is null for functions if it is no JSON.
     *
     * @param topLevel whether an object's fields stand in the payload itself, too
     */
    void parse(byte[] sent, JsonReader reader, boolean topLevel) {
        JsonNode tree;
        try {
            tree = reader.tree(sent);
        } catch (MalformedJsonException e) {
            return;
        }
        body = Json.of(tree).utf8();
        if (topLevel && tree.isObject()) {
            JsonText text = new JsonText(body.length);
            tree.properties().forEach(field -> {
                if (!FIELDS.contains(field.getKey())) {
                    text.raw(",").quoted(field.getKey()).raw(":").json(Json.of(field.getValue()));
                }
            });
            this.topLevel = text.bytes();
        }
    }

    /** What a middleware gets. */
    Json forMiddleware() {
        return new JsonText(parameters.length + 128)
                .raw("{\"phase\":\"preHandler\",\"request\":{")
                .utf8(parameters)
                .raw(",\"method\":")
                .quoted(route.method())
                .raw("},\"context\":{}}")
                .toJson();
    }

    /** What a condition gets, and with the channels what the function itself gets. */
    Json payload(@Nullable Channel requestBody, @Nullable Channel response) {
        JsonText text = new JsonText(parameters.length + body.length + topLevel.length + 512)
                .raw("{")
                .utf8(parameters);
        text.raw(",\"path\":").quoted(route.pattern().given());
        text.raw(",\"method\":").quoted(route.method());
        text.raw(",\"body\":").utf8(body);
        text.raw(",\"trigger\":{\"type\":\"http\",\"path\":")
                .quoted(route.pattern().given());
        text.raw(",\"method\":").quoted(route.method()).raw("}");
        if (requestBody != null) {
            text.raw(",\"request_body\":").json(requestBody.readerRef());
        }
        if (response != null) {
            text.raw(",\"response\":").json(response.writerRef());
        }
        return text.utf8(topLevel).raw("}").toJson();
    }
}
