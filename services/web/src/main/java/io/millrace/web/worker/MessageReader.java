package io.millrace.web.worker;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.worker.FromWorker;
import io.millrace.engine.worker.FromWorker.Action;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what workers send. Unknown fields are ignored; null is as good as nothing; where clients are known to leave
 * something out that they should send, it counts as null.
 */
final class MessageReader {
    private static final Action CALL = new Action.Call();
    private static final Action FORGET = new Action.Forget();
    private static final Outcome NO_RESULT = new Outcome.NoResult();
    private static final FromWorker PING = new FromWorker.Ping();

    private final JsonReader reader;

    MessageReader(int maxDepth) {
        this.reader = new JsonReader(Math.min(maxDepth, JsonReader.MAX_DEPTH));
    }

    /** The message, or null if it says nothing that concerns us. */
    @Nullable
    FromWorker read(byte[] utf8) throws UnreadableMessageException {
        if (isBlank(utf8)) {
            return null;
        }
        JsonNode fields;
        try {
            fields = reader.tree(utf8);
        } catch (MalformedJsonException e) {
            throw new UnreadableMessageException("not JSON: " + e.getMessage());
        }
        JsonNode type = fields.path("type");
        if (!type.isString()) {
            throw new UnreadableMessageException("no type");
        }
        return switch (type.stringValue()) {
            case "invokefunction" -> invoke(fields);
            case "invocationresult" -> new FromWorker.Result(id(fields, "invocation_id"), outcome(fields));
            case "registerfunction" -> function(fields);
            case "unregisterfunction" -> new FromWorker.UnregisterFunction(required(fields, "id"));
            case "registertriggertype" ->
                new FromWorker.RegisterTriggerType(
                        required(fields, "id"),
                        orEmpty(optional(fields, "description")),
                        json(fields, "trigger_request_format"),
                        json(fields, "call_request_format"));
            case "unregistertriggertype" -> new FromWorker.UnregisterTriggerType(required(fields, "id"));
            case "registertrigger" ->
                new FromWorker.RegisterTrigger(
                        required(fields, "id"),
                        required(fields, "trigger_type"),
                        required(fields, "function_id"),
                        orNull(json(fields, "config")),
                        json(fields, "metadata"));
            case "unregistertrigger" -> new FromWorker.UnregisterTrigger(required(fields, "id"));
            case "triggerregistrationresult" ->
                new FromWorker.TriggerResult(
                        required(fields, "id"), required(fields, "trigger_type"), failure(fields.path("error")));
            case "reattach" ->
                new FromWorker.Reattach(required(fields, "previous_worker_id"), optional(fields, "reattach_token"));
            case "ping" -> PING;
            case "pong", "registerservice", "workerregistered", "registrationrejected" -> null;
            default -> throw new UnreadableMessageException("unknown type");
        };
    }

    private static boolean isBlank(byte[] utf8) {
        for (byte b : utf8) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return true;
    }

    private static FromWorker invoke(JsonNode fields) throws UnreadableMessageException {
        boolean anonymous = !present(fields.path("invocation_id"));
        return new FromWorker.Invoke(
                anonymous ? null : id(fields, "invocation_id"),
                required(fields, "function_id"),
                orNull(json(fields, "data")),
                action(fields.path("action")),
                optional(fields, "traceparent"),
                optional(fields, "baggage"),
                json(fields, "metadata"));
    }

    private static Action action(JsonNode action) throws UnreadableMessageException {
        if (!present(action)) {
            return CALL;
        }
        String type = required(action, "type");
        return switch (type) {
            case "void" -> FORGET;
            case "enqueue" -> new Action.Enqueue(required(action, "queue"));
            default -> throw new UnreadableMessageException("unknown action");
        };
    }

    private static FromWorker function(JsonNode fields) throws UnreadableMessageException {
        FunctionDescription description = new FunctionDescription(
                required(fields, "id"),
                optional(fields, "description"),
                json(fields, "request_format"),
                json(fields, "response_format"),
                json(fields, "metadata"));
        return new FromWorker.RegisterFunction(description, json(fields, "invocation"));
    }

    private static Outcome outcome(JsonNode fields) {
        Outcome.Failure failure = failure(fields.path("error"));
        if (failure != null) {
            return failure;
        }
        Json result = json(fields, "result");
        return result == null ? NO_RESULT : new Outcome.Result(result);
    }

    private static Outcome.@Nullable Failure failure(JsonNode error) {
        if (!present(error)) {
            return null;
        }
        String code = optional(error, "code");
        String message = optional(error, "message");
        if (code == null || message == null) {
            // Not of the agreed shape, but still an error.
            String said = error.isString() ? error.stringValue() : error.toString();
            return new Outcome.Failure(code == null ? "UNKNOWN" : code, message == null ? said : message);
        }
        return new Outcome.Failure(code, message, false, null, optional(error, "stacktrace"));
    }

    private static UUID id(JsonNode fields, String name) throws UnreadableMessageException {
        try {
            return UUID.fromString(required(fields, name));
        } catch (IllegalArgumentException e) {
            throw new UnreadableMessageException(name + " is no UUID");
        }
    }

    private static String required(JsonNode fields, String name) throws UnreadableMessageException {
        JsonNode found = fields.path(name);
        if (!found.isString()) {
            throw new UnreadableMessageException("no " + name);
        }
        return found.stringValue();
    }

    private static @Nullable String optional(JsonNode fields, String name) {
        JsonNode found = fields.path(name);
        return found.isString() ? found.stringValue() : null;
    }

    private static @Nullable Json json(JsonNode fields, String name) {
        JsonNode found = fields.path(name);
        return present(found) ? Json.ofTree(found) : null;
    }

    private static boolean present(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    private static Json orNull(@Nullable Json json) {
        return json == null ? Json.NULL : json;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
