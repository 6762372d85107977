package io.millrace.web.http;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What functions return, as answers. */
final class Envelope {
    private static final byte[] NOTHING = {};
    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 999;

    private Envelope() {}

    /**
     * The answer that a result is: {@code {"status_code","headers","body"}}, or, if it has none of them, a JSON body by
     * itself.
     */
    static Answer of(Json result) {
        JsonNode tree = result.tree();
        boolean envelope = tree.isObject() && (tree.has("status_code") || tree.has("headers") || tree.has("body"));
        if (!envelope) {
            return Answer.json(StatusCodes.OK, result);
        }
        HeaderMap headers = UserHeaders.of(tree.path("headers"));
        int status = status(tree.path("status_code"));
        JsonNode given = tree.get("body");
        JsonNode body = given == null ? JsonNodeFactory.instance.objectNode() : given;
        if (headers.contains(Headers.CONTENT_TYPE) && body.isNull()) {
            return new Answer(status, headers, NOTHING);
        }
        if (headers.contains(Headers.CONTENT_TYPE) && body.isString()) {
            return new Answer(status, headers, body.stringValue().getBytes(StandardCharsets.UTF_8));
        }
        return Answer.json(status, headers, Json.of(body).utf8());
    }

    /** What a middleware answers instead of the route's function; null if the request goes on. */
    static @Nullable Answer ofMiddleware(Outcome.Result result) {
        JsonNode tree = result.value().tree();
        if (!"respond".equals(tree.path("action").asString(""))) {
            return null;
        }
        JsonNode response = tree.path("response");
        JsonNode body = response.path("body");
        return Answer.json(
                status(response.path("status_code")),
                UserHeaders.of(response.path("headers")),
                (body.isMissingNode() ? Json.NULL : Json.of(body)).utf8());
    }

    /** A final status, or 200 for what is none. */
    static int status(JsonNode given) {
        boolean fits = given.isIntegralNumber()
                && given.canConvertToInt()
                && given.intValue() >= LEAST_STATUS
                && given.intValue() <= MOST_STATUS;
        return fits ? given.intValue() : StatusCodes.OK;
    }
}
