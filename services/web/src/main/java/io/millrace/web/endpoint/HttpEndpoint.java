package io.millrace.web.endpoint;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Provider;
import io.millrace.engine.port.Scheduler;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A function that is an HTTP endpoint: the payload is the body of a request, and the answer's body the result. */
final class HttpEndpoint implements Provider {
    private final String workerId;
    private final Described described;
    private final HttpEndpoints.Means means;

    HttpEndpoint(String workerId, Described described, HttpEndpoints.Means means) {
        this.workerId = workerId;
        this.described = described;
        this.means = means;
    }

    @Override
    public CompletionStage<Outcome> call(Invocation invocation) {
        if (!means.inFlight().enter(workerId)) {
            return CompletableFuture.completedStage(new Outcome.Failure(
                    "worker_overloaded", "too many calls of this worker's endpoints are under way", true, null));
        }
        Instant now = means.clock().instant();
        Duration patience = patience(now, invocation.deadline());
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
        CompletableFuture<HttpResponse<byte[]>> sent = sent(invocation, now, begun);
        sent.whenComplete((response, failure) -> {
            if (failure == null) {
                answer.complete(response);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        Scheduler.Scheduled limit = means.scheduler().after(patience, () -> {
            answer.completeExceptionally(new Late(patience));
            sent.cancel(true);
        });
        return answer.handle((response, failure) -> {
            limit.cancel();
            means.inFlight().leave(workerId);
            Outcome outcome =
                    failure == null ? Answer.outcome(response, means.reader()) : failure(failure, begun.get());
            means.events().answered(outcome instanceof Outcome.Failure);
            return outcome;
        });
    }

    private Duration patience(Instant now, Instant deadline) {
        if (deadline.equals(Instant.MAX)) {
            return described.timeout();
        }
        Duration left = Duration.between(now, deadline);
        Duration known = left.isNegative() ? Duration.ZERO : left;
        return known.compareTo(described.timeout()) < 0 ? known : described.timeout();
    }

    private CompletableFuture<HttpResponse<byte[]>> sent(Invocation invocation, Instant now, AtomicBoolean begun) {
        try {
            return send(invocation, now, begun);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e); // the client is closed
        }
    }

    private CompletableFuture<HttpResponse<byte[]>> send(Invocation invocation, Instant now, AtomicBoolean begun) {
        byte[] body = payload(invocation).utf8();
        HttpRequest.Builder request = described.request(body, Long.toString(now.getEpochSecond()));
        absent(request, "x-iii-Function-Path", plain(invocation.functionId()));
        absent(request, "x-iii-Invocation-ID", means.ids().get().toString());
        absent(request, "traceparent", invocation.context().traceParent());
        absent(request, "baggage", invocation.context().baggage());
        // Clients that ask for an upgrade to HTTP/2 in the clear are not understood everywhere.
        request.version(
                described.url().getScheme().equalsIgnoreCase("http")
                        ? HttpClient.Version.HTTP_1_1
                        : HttpClient.Version.HTTP_2);
        HttpResponse.BodyHandler<byte[]> bounded =
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), means.maxAnswerBytes());
        return means.client().sendAsync(request.build(), head -> {
            begun.set(true);
            return bounded.apply(head);
        });
    }

    /** Adds a header, unless the endpoint's own say something else, or it cannot be one. */
    private void absent(HttpRequest.Builder request, String name, @Nullable String value) {
        boolean given = described.headers().keySet().stream().anyMatch(name::equalsIgnoreCase);
        if (!given && value != null && value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            request.setHeader(name, value);
        }
    }

    private static String plain(String functionId) {
        return functionId.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? functionId
                : URLEncoder.encode(functionId, StandardCharsets.UTF_8);
    }

    /** As a worker would get it: with who calls. */
    private static Json payload(Invocation invocation) {
        String caller = invocation.context().callerWorkerId();
        if (caller == null || !invocation.payload().tree().isObject()) {
            return invocation.payload();
        }
        ObjectNode payload = (ObjectNode) invocation.payload().tree().deepCopy();
        return Json.of(payload.put("_caller_worker_id", caller));
    }

    private static Outcome failure(Throwable failure, boolean begun) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String what = cause instanceof Late ? String.valueOf(cause.getMessage()) : cause.toString();
        return new Outcome.Failure(begun ? "http_response_failed" : "http_request_failed", what, true, null);
    }

    /** It takes too long. */
    private static final class Late extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Late(Duration patience) {
            super("no answer within " + patience.toMillis() + " ms", null, false, false);
        }
    }

    @Override
    public int inFlight() {
        return means.inFlight().of(workerId);
    }

    @Override
    public boolean isCongested() {
        return false;
    }

    @Override
    public String workerId() {
        return workerId;
    }
}
