package io.millrace.web.worker;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.worker.ToWorker;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes what workers get, as JSON without nulls. */
final class MessageWriter {
    private static final String CALLER = "_caller_worker_id";
    private static final int HEAD_BYTES = 256;

    private MessageWriter() {}

    static byte[] json(ToWorker message) {
        return switch (message) {
            case ToWorker.Registered(String workerId, String reattachToken) ->
                new Fields("workerregistered")
                        .field("worker_id", workerId)
                        .field("reattach_token", reattachToken)
                        .end();
            case ToWorker.RegistrationRejected(String functionId, String ownerWorkerId) ->
                new Fields("registrationrejected")
                        .field("code", "FUNCTION_NAMESPACE_CONFLICT")
                        .field("namespace", "default")
                        .field("function_id", functionId)
                        .field("owner_worker_id", ownerWorkerId)
                        .end();
            case ToWorker.Invoke invoke -> invoke(invoke);
            case ToWorker.Result result -> result(result);
            case ToWorker.RegisterTrigger(Binding binding) ->
                new Fields("registertrigger")
                        .field("id", binding.id())
                        .field("trigger_type", binding.type())
                        .field("function_id", binding.functionId())
                        .field("config", binding.config())
                        .field("metadata", binding.metadata())
                        .end();
            case ToWorker.UnregisterTrigger(String id, String triggerType) ->
                new Fields("unregistertrigger")
                        .field("id", id)
                        .field("trigger_type", triggerType)
                        .end();
            case ToWorker.TriggerRefused refused ->
                new Fields("triggerregistrationresult")
                        .field("id", refused.id())
                        .field("trigger_type", refused.triggerType())
                        .field("function_id", refused.functionId())
                        .error(new Outcome.Failure(refused.code(), refused.message()))
                        .end();
            case ToWorker.Pong ignored -> new Fields("pong").end();
        };
    }

    private static byte[] invoke(ToWorker.Invoke invoke) {
        Fields fields = new Fields("invokefunction", HEAD_BYTES + invoke.data().sizeBytes())
                .field("invocation_id", invoke.invocationId())
                .field("function_id", invoke.functionId());
        fields.data(invoke.data(), invoke.callerWorkerId());
        return fields.field("traceparent", invoke.traceParent())
                .field("baggage", invoke.baggage())
                .field("metadata", invoke.metadata())
                .end();
    }

    private static byte[] result(ToWorker.Result result) {
        int bytes = result.outcome() instanceof Outcome.Result(Json value) ? value.sizeBytes() : 0;
        Fields fields = new Fields("invocationresult", HEAD_BYTES + bytes)
                .field("invocation_id", result.invocationId())
                .field("function_id", result.functionId());
        switch (result.outcome()) {
            case Outcome.Result(Json value) -> fields.field("result", value);
            case Outcome.NoResult ignored -> {}
            case Outcome.Failure failure -> fields.error(failure);
        }
        return fields.field("traceparent", result.traceParent())
                .field("baggage", result.baggage())
                .end();
    }

    /** The fields of a message. */
    private static final class Fields {
        private final JsonText text;

        Fields(String type) {
            this(type, HEAD_BYTES);
        }

        Fields(String type, int expectedBytes) {
            text = new JsonText(expectedBytes).raw("{\"type\":\"").raw(type).raw("\"");
        }

        Fields field(String name, @Nullable String value) {
            if (value != null) {
                name(name).quoted(valid(value));
            }
            return this;
        }

        Fields field(String name, UUID value) {
            name(name).raw("\"").raw(value.toString()).raw("\"");
            return this;
        }

        Fields field(String name, @Nullable Json value) {
            if (value != null) {
                name(name).json(value);
            }
            return this;
        }

        /** The payload, which names its caller if it is an object. */
        void data(Json data, @Nullable String callerWorkerId) {
            name("data");
            byte[] bytes = data.utf8();
            if (callerWorkerId == null || bytes[0] != '{') {
                text.utf8(bytes);
            } else if (data.tree().has(CALLER)) {
                // Nobody may pass for another.
                ObjectNode named = ((ObjectNode) data.tree()).deepCopy();
                text.json(Json.of(named.put(CALLER, callerWorkerId)));
            } else {
                text.utf8(bytes, 0, bytes.length - 1).raw(bytes.length == 2 ? "\"" : ",\"");
                text.raw(CALLER).raw("\":").quoted(callerWorkerId).raw("}");
            }
        }

        Fields error(Outcome.Failure failure) {
            name("error").raw("{\"code\":").quoted(valid(failure.code()));
            text.raw(",\"message\":").quoted(valid(failure.message()));
            if (failure.stacktrace() != null) {
                text.raw(",\"stacktrace\":").quoted(valid(failure.stacktrace()));
            }
            if (failure.retriable()) {
                text.raw(",\"retriable\":true");
            }
            if (failure.currentVersion() != null) {
                text.raw(",\"current_version\":")
                        .number(failure.currentVersion().micros());
            }
            text.raw("}");
            return this;
        }

        private JsonText name(String name) {
            return text.raw(",\"").raw(name).raw("\":");
        }

        /** Messages of the JVM's exceptions may hold anything. */
        private static String valid(String given) {
            return JsonText.loneSurrogate(given) < 0
                    ? given
                    : new String(given.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        }

        byte[] end() {
            return text.raw("}").taken();
        }
    }
}
