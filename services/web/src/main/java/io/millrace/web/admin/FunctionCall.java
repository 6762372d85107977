package io.millrace.web.admin;

import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import tools.jackson.databind.JsonNode;

/** A POST to a function: reads, invokes, answers. Holds no thread meanwhile. */
final class FunctionCall {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCall.class);
    private static final HttpString TIMEOUT = new HttpString("Millrace-Timeout-Ms");
    private static final HttpString TRACE_PARENT = new HttpString("traceparent");
    private static final long MOST_TIMEOUT_MS = Duration.ofHours(1).toMillis();

    private final AdminServerConfig config;
    private final Functions functions;
    private final InstantSource clock;
    private final JsonReader json;

    FunctionCall(AdminServerConfig config, Functions functions, InstantSource clock) {
        this.config = config;
        this.functions = functions;
        this.clock = clock;
        this.json = new JsonReader(config.maxDepth());
    }

    void handle(HttpServerExchange exchange, String functionId) {
        Duration timeout = timeout(exchange.getRequestHeaders());
        if (timeout == null) {
            String given = String.valueOf(exchange.getRequestHeaders().getFirst(TIMEOUT));
            Answers.error(
                    exchange,
                    400,
                    "invalid_header",
                    TIMEOUT + ": " + given + " (expected: 1 to " + MOST_TIMEOUT_MS + ")");
            return;
        }
        BodyReader.read(
                exchange,
                config.maxBodyBytes(),
                (read, body) -> invoke(read, functionId, body, timeout),
                this::tooLarge);
    }

    private void tooLarge(HttpServerExchange exchange) {
        exchange.setPersistent(false);
        Answers.error(
                exchange, 413, "payload_too_large", "body (expected: at most " + config.maxBodyBytes() + " bytes)");
    }

    /** The header's time, or the default; null if the header is nonsense. */
    private @Nullable Duration timeout(HeaderMap headers) {
        String given = headers.getFirst(TIMEOUT);
        if (given == null) {
            return config.timeout();
        }
        try {
            long ms = Long.parseLong(given.trim());
            return ms >= 1 && ms <= MOST_TIMEOUT_MS ? Duration.ofMillis(ms) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void invoke(HttpServerExchange exchange, String functionId, byte[] body, Duration timeout) {
        JsonNode payload;
        try {
            payload = json.tree(body);
        } catch (MalformedJsonException e) {
            String message = "Failed to deserialize input for " + functionId + ": " + e.getMessage();
            Answers.failure(exchange, new Outcome.Failure("deserialization_error", message));
            return;
        }
        Instant deadline = clock.instant().plus(timeout);
        String traceParent = exchange.getRequestHeaders().getFirst(TRACE_PARENT);
        XnioIoThread thread = exchange.getIoThread();
        functions
                .invoke(new Invocation(functionId, payload, deadline, traceParent))
                .exceptionally(failure -> broken(functionId, failure))
                .thenAccept(outcome -> {
                    if (Thread.currentThread().equals(thread)) {
                        Answers.outcome(exchange, outcome);
                    } else {
                        thread.execute(() -> Answers.outcome(exchange, outcome));
                    }
                });
    }

    private static Outcome broken(String functionId, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        LOG.atError().addKeyValue("function", functionId).setCause(cause).log("invocation broke its promise");
        return new Outcome.Failure("internal_error", "invocation failed: see the log of the node");
    }
}
