package io.millrace.web.endpoint;

import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.function.Outcome;
import java.net.http.HttpResponse;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What an HTTP answer comes to. */
final class Answer {
    private static final Set<Integer> RETRIABLE = Set.of(429, 502, 503, 504);

    private Answer() {}

    static Outcome outcome(HttpResponse<byte[]> response, JsonReader reader) {
        if (response.statusCode() / 100 != 2) {
            return failure(response, reader);
        }
        if (response.body().length == 0) {
            return new Outcome.NoResult();
        }
        try {
            return new Outcome.Result(reader.json(response.body()));
        } catch (MalformedJsonException e) {
            return new Outcome.Failure("invalid_response", "the endpoint's answer is no JSON: " + e.getMessage());
        }
    }

    private static Outcome failure(HttpResponse<byte[]> response, JsonReader reader) {
        JsonNode error = error(response, reader);
        return new Outcome.Failure(
                error.path("code").asString("http_error"),
                error.path("message").asString("HTTP " + response.statusCode()),
                RETRIABLE.contains(response.statusCode()),
                null);
    }

    private static JsonNode error(HttpResponse<byte[]> response, JsonReader reader) {
        try {
            return reader.tree(response.body()).path("error");
        } catch (MalformedJsonException e) {
            return MissingNode.getInstance();
        }
    }
}
