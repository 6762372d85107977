package io.millrace.engine.reach;

import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls, and what they come to, as nodes write them to each other:
 * {@code {"function":…,"data":…,"traceparent"?,"baggage"?,"metadata"?,"caller"?,"open"?:true}} and {@code {"result":…}},
 * {@code {}} for no result, {@code {"failure":{"code":…,"message":…,"retriable"?:true,"version"?:…,"stacktrace"?:…}}} or
 * {@code {"nobody":true}}. Payloads and results go through as they are.
 */
final class CallText {
    /** Nobody serves the function here, and nobody has been called. */
    static final byte[] NOBODY = new JsonText().raw("{\"nobody\":true}").bytes();

    private static final int BESIDE_DATA_BYTES = 512;

    private CallText() {}

    static byte[] of(Invocation invocation) {
        Invocation.Context context = invocation.context();
        Json data = invocation.payload();
        JsonText text = new JsonText(BESIDE_DATA_BYTES + data.sizeBytes());
        text.raw("{\"function\":").quoted(invocation.functionId());
        text.raw(",\"data\":").json(data);
        optional(text, ",\"traceparent\":", context.traceParent());
        optional(text, ",\"baggage\":", context.baggage());
        optional(text, ",\"caller\":", context.callerWorkerId());
        if (context.metadata() != null) {
            text.raw(",\"metadata\":").json(context.metadata());
        }
        if (invocation.deadline().equals(Instant.MAX)) {
            text.raw(",\"open\":true");
        }
        return text.raw("}").taken();
    }

    private static void optional(JsonText text, String name, @Nullable String value) {
        if (value != null) {
            text.raw(name).quoted(value);
        }
    }

    /** The call, which ends at {@code deadline} unless its caller waits for ever. */
    static Invocation invocation(byte[] body, Instant deadline) {
        String functionId = "";
        Json data = Json.NULL;
        String traceParent = null;
        String baggage = null;
        String caller = null;
        Json metadata = null;
        boolean open = false;
        JsonSpans fields = new JsonSpans(body);
        while (fields.next()) {
            if (fields.named("function")) {
                functionId = string(fields);
            } else if (fields.named("data")) {
                data = fields.json();
            } else if (fields.named("traceparent")) {
                traceParent = string(fields);
            } else if (fields.named("baggage")) {
                baggage = string(fields);
            } else if (fields.named("caller")) {
                caller = string(fields);
            } else if (fields.named("metadata")) {
                metadata = fields.json();
            } else if (fields.named("open")) {
                open = fields.json().tree().asBoolean(false);
            }
        }
        return new Invocation(
                functionId,
                data,
                open ? Instant.MAX : deadline,
                new Invocation.Context(traceParent, baggage, metadata, caller));
    }

    static byte[] of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Result(Json value) ->
                new JsonText(16 + value.sizeBytes())
                        .raw("{\"result\":")
                        .json(value)
                        .raw("}")
                        .taken();
            case Outcome.NoResult ignored -> new JsonText(2).raw("{}").taken();
            case Outcome.Failure failure -> of(failure);
        };
    }

    private static byte[] of(Outcome.Failure failure) {
        JsonText text = new JsonText().raw("{\"failure\":{\"code\":").quoted(valid(failure.code()));
        text.raw(",\"message\":").quoted(valid(failure.message()));
        if (failure.retriable()) {
            text.raw(",\"retriable\":true");
        }
        Version version = failure.currentVersion();
        if (version != null) {
            text.raw(",\"version\":").number(version.micros());
        }
        if (failure.stacktrace() != null) {
            text.raw(",\"stacktrace\":").quoted(valid(failure.stacktrace()));
        }
        return text.raw("}}").taken();
    }

    /** What a bug of ours says may be anything. */
    private static String valid(String text) {
        String valid = text;
        for (int lone = JsonText.loneSurrogate(valid); lone >= 0; lone = JsonText.loneSurrogate(valid)) {
            valid = valid.substring(0, lone) + '\uFFFD' + valid.substring(lone + 1);
        }
        return valid;
    }

    /** What the call came to; empty if nobody has been called. */
    static Optional<Outcome> outcome(byte[] body) {
        JsonSpans fields = new JsonSpans(body);
        while (fields.next()) {
            if (fields.named("result")) {
                return Optional.of(new Outcome.Result(fields.json()));
            }
            if (fields.named("failure")) {
                return Optional.of(failure(fields.object()));
            }
            if (fields.named("nobody")) {
                return Optional.empty();
            }
        }
        return Optional.of(new Outcome.NoResult());
    }

    private static Outcome failure(JsonSpans fields) {
        String code = "unknown";
        String message = "";
        boolean retriable = false;
        Version version = null;
        String stacktrace = null;
        while (fields.next()) {
            if (fields.named("code")) {
                code = string(fields);
            } else if (fields.named("message")) {
                message = string(fields);
            } else if (fields.named("retriable")) {
                retriable = fields.json().tree().asBoolean(false);
            } else if (fields.named("version")) {
                version = new Version(fields.number());
            } else if (fields.named("stacktrace")) {
                stacktrace = string(fields);
            }
        }
        return new Outcome.Failure(code, message, retriable, version, stacktrace);
    }

    private static String string(JsonSpans field) {
        return field.json().tree().asString("");
    }
}
