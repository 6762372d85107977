package io.millrace.web.admin;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A function called by HTTP: the body is the payload. Nothing waits on a thread. */
final class FunctionCalls {
    private static final HttpString TIMEOUT_MS = new HttpString("Millrace-Timeout-Ms");
    private static final HttpString TRACE_PARENT = new HttpString("traceparent");
    /** What W3C trace context allows is 55 characters today; later versions may add some. */
    private static final int TRACE_PARENT_MAX = 256;

    private final AdminConfig config;
    private final Functions functions;
    private final InstantSource clock;
    private final JsonReader reader;

    FunctionCalls(AdminConfig config, Functions functions, InstantSource clock) {
        this.config = config;
        this.functions = functions;
        this.clock = clock;
        this.reader = new JsonReader(config.maxDepth());
    }

    void receive(HttpServerExchange exchange, String functionId) {
        if (exchange.getRequestContentLength() > config.maxBodyBytes()) {
            tooLarge(exchange);
            return;
        }
        Receiver receiver = exchange.getRequestReceiver();
        receiver.setMaxBufferSize(config.maxBodyBytes());
        receiver.receiveFullBytes((received, body) -> call(received, functionId, body), this::unreceived);
    }

    private void unreceived(HttpServerExchange exchange, IOException e) {
        if (e instanceof Receiver.RequestToLargeException) {
            tooLarge(exchange);
        } else {
            // Whoever sent it is gone.
            exchange.endExchange();
        }
    }

    private void tooLarge(HttpServerExchange exchange) {
        exchange.setPersistent(false);
        Answers.failure(
                exchange,
                StatusCodes.REQUEST_ENTITY_TOO_LARGE,
                "VALUE_TOO_LARGE",
                "the request's body exceeds the configured limit of " + config.maxBodyBytes() + " bytes");
    }

    private void call(HttpServerExchange exchange, String functionId, byte[] body) {
        Duration timeout = timeout(exchange.getRequestHeaders());
        if (timeout == null) {
            Answers.failure(
                    exchange,
                    StatusCodes.BAD_REQUEST,
                    "bad_timeout",
                    TIMEOUT_MS + " must be a whole number of milliseconds from 1 to "
                            + AdminConfig.LONGEST_CALL.toMillis() + ".");
            return;
        }
        Json payload;
        try {
            payload = Json.ofTree(reader.tree(body));
        } catch (MalformedJsonException e) {
            Answers.failure(
                    exchange,
                    StatusCodes.BAD_REQUEST,
                    "deserialization_error",
                    "Failed to deserialize input for " + functionId + ": " + e.getMessage());
            return;
        }
        String traceParent = traceParent(exchange.getRequestHeaders());
        Invocation invocation = new Invocation(
                functionId, payload, clock.instant().plus(timeout), Invocation.Context.traced(traceParent));
        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> invoke(exchange, invocation));
    }

    private void invoke(HttpServerExchange exchange, Invocation invocation) {
        functions.invoke(invocation).whenComplete((outcome, failure) -> {
            Outcome known = outcome == null
                    ? new Outcome.Failure("internal_error", "The call failed for a reason of our own; the log has it.")
                    : outcome;
            // Back to the connection's own thread: this one belongs to a writer.
            exchange.getIoThread().execute(() -> Answers.outcome(exchange, known));
        });
    }

    private @Nullable Duration timeout(HeaderMap headers) {
        String given = headers.getFirst(TIMEOUT_MS);
        if (given == null) {
            return config.callDeadline();
        }
        try {
            long ms = Long.parseLong(given.strip());
            return ms >= 1 && ms <= AdminConfig.LONGEST_CALL.toMillis() ? Duration.ofMillis(ms) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable String traceParent(HeaderMap headers) {
        String given = headers.getFirst(TRACE_PARENT);
        return given == null || given.isBlank() || given.length() > TRACE_PARENT_MAX ? null : given;
    }
}
