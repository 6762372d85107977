package io.millrace.web.admin;

import io.millrace.core.change.Version;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Outcome;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;

/** Writes answers: a status and JSON. To be called on the exchange's I/O thread. */
final class Answers {
    private Answers() {}

    static void outcome(HttpServerExchange exchange, Outcome outcome) {
        switch (outcome) {
            case Outcome.Result(var value) ->
                json(
                        exchange,
                        200,
                        new JsonText(16 + value.sizeBytes())
                                .raw("{\"result\":")
                                .json(value)
                                .raw("}"));
            case Outcome.NoResult() -> json(exchange, 200, new JsonText().raw("{}"));
            case Outcome.Failure failure -> failure(exchange, failure);
        }
    }

    static void failure(HttpServerExchange exchange, Outcome.Failure failure) {
        int status = status(failure);
        JsonText text = new JsonText();
        text.raw("{\"error\":{\"code\":").quoted(failure.code());
        text.raw(",\"message\":").quoted(failure.message());
        if (failure.retriable()) {
            text.raw(",\"retriable\":true");
        }
        Version version = failure.currentVersion();
        if (version != null) {
            text.raw(",\"current_version\":").number(version.micros());
        }
        if (status == 503) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "1");
        }
        json(exchange, status, text.raw("}}"));
    }

    private static int status(Outcome.Failure failure) {
        return switch (failure.code()) {
            case "deserialization_error" -> 400;
            case "function_not_found" -> 404;
            case "VERSION_CONFLICT" -> 409;
            case "VALUE_TOO_LARGE" -> 413;
            default -> failure.retriable() ? 503 : 500;
        };
    }

    /** An error of ours, not of a function. */
    static void error(HttpServerExchange exchange, int status, String code, String message) {
        JsonText text = new JsonText();
        text.raw("{\"error\":{\"code\":").quoted(code);
        json(exchange, status, text.raw(",\"message\":").quoted(message).raw("}}"));
    }

    static void json(HttpServerExchange exchange, int status, JsonText text) {
        send(exchange, status, "application/json", text.bytes());
    }

    static void send(HttpServerExchange exchange, int status, String contentType, byte[] body) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, contentType);
        exchange.setResponseContentLength(body.length);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
}
