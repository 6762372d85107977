package io.millrace.web.http;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Outcome;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.util.Set;

/** A whole answer. */
final class Answer {
    private static final String JSON = "application/json";
    private static final byte[] NOTHING = {};
    private static final int RETRY_AFTER_SECONDS = 1;

    private final int status;
    private final HeaderMap headers;
    private final byte[] body;

    /** The headers and the bytes are not to be changed any more. */
    Answer(int status, HeaderMap headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    HeaderMap headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    static Answer empty(int status) {
        return empty(status, new HeaderMap());
    }

    static Answer empty(int status, HeaderMap headers) {
        return new Answer(status, headers, NOTHING);
    }

    /** A JSON body; the content type is JSON unless the headers name one. */
    static Answer json(int status, HeaderMap headers, byte[] utf8) {
        if (!headers.contains(Headers.CONTENT_TYPE)) {
            headers.put(Headers.CONTENT_TYPE, JSON);
        }
        return new Answer(status, headers, utf8);
    }

    static Answer json(int status, Json value) {
        return json(status, new HeaderMap(), value.utf8());
    }

    static Answer notFound() {
        return error(StatusCodes.NOT_FOUND, "NOT_FOUND", "Not Found");
    }

    static Answer methodNotAllowed(Set<String> methods) {
        HeaderMap headers = new HeaderMap();
        headers.put(Headers.ALLOW, String.join(",", methods));
        return empty(StatusCodes.METHOD_NOT_ALLOWED, headers);
    }

    static Answer conditionNotMet() {
        return json(
                StatusCodes.UNPROCESSABLE_ENTITY,
                new JsonText()
                        .raw("{\"error\":{\"code\":\"CONDITION_NOT_MET\",\"message\":\"Request condition not met\"},")
                        .raw("\"skipped\":true}")
                        .toJson());
    }

    static Answer tooLarge(long limitBytes) {
        return error(
                StatusCodes.REQUEST_ENTITY_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                "the request's body exceeds the configured limit of " + limitBytes + " bytes");
    }

    static Answer overloaded(String message) {
        Answer answer = error(StatusCodes.SERVICE_UNAVAILABLE, "OVERLOADED", message);
        answer.headers.put(Headers.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return answer;
    }

    /** A function failed; the log knows it under {@code errorId}. */
    static Answer failed(Outcome.Failure failure, String errorId) {
        JsonText text = error(failure.code(), failure.message());
        text.raw(",\"error_id\":").quoted(errorId);
        return json(StatusCodes.INTERNAL_SERVER_ERROR, text.raw("}}").toJson());
    }

    private static Answer error(int status, String code, String message) {
        return json(status, error(code, message).raw("}}").toJson());
    }

    private static JsonText error(String code, String message) {
        return new JsonText()
                .raw("{\"error\":{\"code\":")
                .quoted(code)
                .raw(",\"message\":")
                .quoted(message);
    }

    /** Adds headers that are another's to choose. */
    static void putAll(HeaderMap from, HeaderMap to) {
        for (HttpString name : from.getHeaderNames()) {
            to.putAll(name, from.get(name));
        }
    }
}
