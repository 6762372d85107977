package io.millrace.web.admin;

import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Outcome;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers as bytes, and outcomes as statuses. */
final class Answers {
    private static final String JSON = "application/json";
    private static final byte[] NO_RESULT = "{}".getBytes(StandardCharsets.UTF_8);
    private static final int RETRY_AFTER_SECONDS = 1;

    private Answers() {}

    static void outcome(HttpServerExchange exchange, Outcome outcome) {
        switch (outcome) {
            case Outcome.Result result -> {
                JsonText text = new JsonText(16 + result.value().sizeBytes());
                json(
                        exchange,
                        StatusCodes.OK,
                        text.raw("{\"result\":").json(result.value()).raw("}").bytes());
            }
            case Outcome.NoResult ignored -> json(exchange, StatusCodes.OK, NO_RESULT);
            case Outcome.Failure failure -> failure(exchange, status(failure), failure);
        }
    }

    static void failure(HttpServerExchange exchange, int status, String code, String message) {
        failure(exchange, status, new Outcome.Failure(code, message));
    }

    private static void failure(HttpServerExchange exchange, int status, Outcome.Failure failure) {
        JsonText text = new JsonText().raw("{\"error\":{\"code\":").quoted(failure.code());
        text.raw(",\"message\":").quoted(failure.message());
        if (failure.retriable()) {
            text.raw(",\"retriable\":true");
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (failure.currentVersion() != null) {
            text.raw(",\"current_version\":").number(failure.currentVersion().micros());
        }
        json(exchange, status, text.raw("}}").bytes());
    }

    private static int status(Outcome.Failure failure) {
        if (failure.retriable()) {
            return StatusCodes.SERVICE_UNAVAILABLE;
        }
        return switch (failure.code()) {
            case "deserialization_error" -> StatusCodes.BAD_REQUEST;
            case "function_not_found" -> StatusCodes.NOT_FOUND;
            case "VERSION_CONFLICT" -> StatusCodes.CONFLICT;
            case "VALUE_TOO_LARGE" -> StatusCodes.REQUEST_ENTITY_TOO_LARGE;
            default -> StatusCodes.INTERNAL_SERVER_ERROR;
        };
    }

    static void json(HttpServerExchange exchange, int status, byte[] body) {
        send(exchange, status, JSON, body);
    }

    static void send(HttpServerExchange exchange, int status, String type, byte[] body) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
}
