package io.millrace.engine.queue;

import io.millrace.core.value.Json;
import io.millrace.core.value.UnreadableTextException;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.QueueLog;
import io.millrace.engine.port.Received;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A message for one function. The record's value is the data as it is; the rest is in its headers.
 *
 * @param functionId empty if the record does not say
 * @param messageId the receipt its sender has got; empty if there is none
 */
record Task(
        String functionId,
        String messageId,
        Json data,
        @Nullable String traceParent,
        @Nullable String baggage) {
    static final String FUNCTION = "millrace-function-id";
    static final String MESSAGE = "millrace-message-id";
    static final String TRACE_PARENT = "traceparent";
    static final String BAGGAGE = "baggage";

    static Task of(Received record) {
        Received.Headers headers = record.headers();
        Json data = record.value();
        return new Task(
                given(headers.text(FUNCTION)),
                given(headers.text(MESSAGE)),
                data == null ? Json.NULL : data,
                headers.text(TRACE_PARENT),
                headers.text(BAGGAGE));
    }

    private static String given(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** As a record, with some headers more. */
    QueueLog.Entry entry(Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(more);
        headers.put(FUNCTION, functionId);
        headers.put(MESSAGE, messageId);
        if (traceParent != null) {
            headers.put(TRACE_PARENT, traceParent);
        }
        if (baggage != null) {
            headers.put(BAGGAGE, baggage);
        }
        return new QueueLog.Entry(data, headers);
    }

    /** Whether the data is JSON. Anybody may write to a queue's topic, so this is asked before it is sent on. */
    boolean isReadable() {
        try {
            var _ = data.tree();
            return true;
        } catch (UnreadableTextException e) {
            return false;
        }
    }

    /** The same for that function. */
    Task of(String function) {
        return new Task(function, messageId, data, traceParent, baggage);
    }

    /** The same with data that is a string, whatever it was. */
    Task quoted() {
        String text = new String(data.utf8(), StandardCharsets.UTF_8);
        return new Task(
                functionId, messageId, Json.of(JsonNodeFactory.instance.stringNode(text)), traceParent, baggage);
    }

    /** Calls the function with exactly the data. */
    CompletionStage<Outcome> call(Functions functions, Instant deadline) {
        if (functionId.isEmpty()) {
            return failed("function_not_set", "the message has no header " + FUNCTION);
        }
        return functions.invoke(
                new Invocation(functionId, data, deadline, new Invocation.Context(traceParent, baggage, null, null)));
    }

    private static CompletionStage<Outcome> failed(String code, String message) {
        return CompletableFuture.completedStage(new Outcome.Failure(code, message));
    }
}
