package io.millrace.web.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.function.Provider;
import io.millrace.engine.worker.Endpoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpEndpointsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final Map<String, String> ENVIRONMENT = Map.of("SECRET", "s3cret");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger failed = new AtomicInteger();
    private HttpServer server;

    /** A request as it arrived. */
    private record Seen(String method, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.get(name) == null ? "" : headers.get(name).getFirst();
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/ok", exchange -> answer(exchange, 200, "{\"sum\":3}"));
        server.createContext("/empty", exchange -> answer(exchange, 204, ""));
        server.createContext("/text", exchange -> answer(exchange, 200, "hello"));
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/ok");
            answer(exchange, 302, "");
        });
        server.createContext(
                "/known", exchange -> answer(exchange, 422, "{\"error\":{\"code\":\"BAD\",\"message\":\"no good\"}}"));
        server.createContext("/busy", exchange -> answer(exchange, 503, "<html>"));
        server.createContext("/large", exchange -> answer(exchange, 200, "\"" + "x".repeat(5_000) + "\""));
        server.createContext("/slow", exchange -> {
            await(released);
            answer(exchange, 200, "1");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        server.stop(0);
        timer.shutdownNow();
        threads.shutdownNow();
    }

    @Test
    void thePayloadIsPostedAndTheAnswerIsTheResult() throws InterruptedException {
        try (HttpEndpoints endpoints = open(List.of())) {
            Outcome outcome = call(endpoints, "{\"url\":\"%s/ok\",\"headers\":{\"x-tenant\":\"t1\"}}");
            assertThat(outcome).isEqualTo(new Outcome.Result(Json.ofText("{\"sum\":3}")));
            Seen request = seen.take();
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.body()).isEqualTo("{\"a\":1,\"_caller_worker_id\":\"w-2\"}");
            assertThat(request.header("Content-type")).isEqualTo("application/json");
            assertThat(request.header("X-iii-function-path")).isEqualTo("ext::sum");
            assertThat(request.header("X-iii-invocation-id")).isEqualTo(new UUID(0, 1).toString());
            assertThat(request.header("X-iii-timestamp")).isEqualTo("1700000000");
            assertThat(request.header("Traceparent")).isEqualTo("00-a-b-01");
            assertThat(request.header("X-tenant")).isEqualTo("t1");
            assertThat(failed).hasValue(0);
        }
    }

    @Test
    void secretsComeFromTheEnvironment() throws InterruptedException {
        try (HttpEndpoints endpoints = open(List.of())) {
            call(endpoints, "{\"url\":\"%s/ok\",\"auth\":{\"type\":\"bearer\",\"token_key\":\"SECRET\"}}");
            assertThat(seen.take().header("Authorization")).isEqualTo("Bearer s3cret");
            call(
                    endpoints,
                    "{\"url\":\"%s/ok\",\"auth\":{\"type\":\"api_key\",\"header\":\"x-key\",\"value_key\":\"SECRET\"}}");
            assertThat(seen.take().header("X-key")).isEqualTo("s3cret");
            call(endpoints, "{\"url\":\"%s/ok\",\"auth\":{\"type\":\"hmac\",\"secret_key\":\"SECRET\"}}");
            // printf '1700000000:%s' "$(printf '%s' '{"a":1,"_caller_worker_id":"w-2"}' | base64 -w0)" | openssl dgst
            // -sha256 -hmac s3cret
            assertThat(seen.take().header("X-iii-signature"))
                    .isEqualTo("sha256=f7eabaa9e79ca421590bc4fb24d92638cb5a84846081dfe3dfc0a15945096210");
        }
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/text,invalid_response,the endpoint's answer is no JSON",
        "/moved,http_error,HTTP 302",
        "/known,BAD,no good",
        "/busy,http_error,HTTP 503",
        "/none,http_error,HTTP 404",
        "/large,http_response_failed,body exceeds"
    })
    void whatIsNoResultIsAFailure(String path, String code, String message) {
        try (HttpEndpoints endpoints = open(List.of())) {
            Outcome outcome = call(endpoints, "{\"url\":\"%s" + path + "\"}");
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                assertThat(failure.code()).isEqualTo(code);
                assertThat(failure.message()).contains(message);
                assertThat(failure.retriable()).isEqualTo(path.equals("/busy") || path.equals("/large"));
            });
            assertThat(failed).hasValue(1);
        }
    }

    @Test
    void anEmptyAnswerIsSuccessWithoutAResult() throws InterruptedException {
        try (HttpEndpoints endpoints = open(List.of())) {
            assertThat(call(endpoints, "{\"url\":\"%s/empty\",\"method\":\"delete\"}"))
                    .isInstanceOf(Outcome.NoResult.class);
            assertThat(seen.take().method()).isEqualTo("DELETE");
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedFor() {
        try (HttpEndpoints endpoints = open(List.of())) {
            assertThat(call(endpoints, "{\"url\":\"%s/slow\",\"timeout_ms\":50}"))
                    .isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                        assertThat(failure.code()).isEqualTo("http_request_failed");
                        assertThat(failure.message()).isEqualTo("no answer within 50 ms");
                    });
        }
    }

    @Test
    void nobodyThereIsAFailure() {
        int port = server.getAddress().getPort();
        server.stop(0);
        try (HttpEndpoints endpoints = open(List.of())) {
            Provider endpoint =
                    endpoints.endpoint("w-1", Json.ofText("{\"url\":\"http://localhost:" + port + "/ok\"}"));
            assertThat(endpoint.call(invocation()).toCompletableFuture().join())
                    .isInstanceOfSatisfying(
                            Outcome.Failure.class,
                            failure -> assertThat(failure.code()).isEqualTo("http_request_failed"));
        }
    }

    @Test
    void slowEndpointsOfOneWorkerTakeNothingFromAnothers() {
        try (HttpEndpoints endpoints = open(List.of())) {
            Provider slow = endpoints.endpoint("w-1", Json.ofText(described("{\"url\":\"%s/slow\"}")));
            List<CompletionStage<Outcome>> waiting = List.of(slow.call(invocation()), slow.call(invocation()));
            assertThat(slow.inFlight()).isEqualTo(2);
            assertThat(slow.call(invocation()).toCompletableFuture().join())
                    .isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
                        assertThat(failure.code()).isEqualTo("worker_overloaded");
                        assertThat(failure.retriable()).isTrue();
                    });
            Provider other = endpoints.endpoint("w-9", Json.ofText(described("{\"url\":\"%s/ok\"}")));
            assertThat(other.call(invocation()).toCompletableFuture().join()).isInstanceOf(Outcome.Result.class);
            released.countDown();
            waiting.forEach(outcome -> outcome.toCompletableFuture().join());
            assertThat(slow.inFlight()).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|url_validation_failed",
                "{\"url\":\"ftp://a/b\"}|url_validation_failed",
                "{\"url\":\"/relative\"}|url_validation_failed",
                "{\"url\":\"http://a b/\"}|url_validation_failed",
                "{\"url\":\"http://elsewhere/\"}|url_validation_failed",
                "{\"url\":\"http://localhost/\",\"method\":\"BREW\"}|invalid_method",
                "{\"url\":\"http://localhost/\",\"headers\":{\"Host\":\"x\"}}|invalid_request",
                "{\"url\":\"http://localhost/\",\"headers\":{\"a\":\"b\\r\\nc: d\"}}|invalid_request",
                "{\"url\":\"http://localhost/\",\"auth\":{\"type\":\"magic\"}}|invalid_auth",
                "{\"url\":\"http://localhost/\",\"auth\":{\"type\":\"hmac\",\"secret_key\":\"NO\"}}|secret_not_found",
                "{\"url\":\"http://localhost/\",\"auth\":{\"type\":\"bearer\"}}|token_not_found",
                "{\"url\":\"http://localhost/\",\"auth\":{\"type\":\"api_key\",\"header\":\"x\"}}|api_key_not_found",
            })
    void whatCannotBeCalledIsRefused(String invocation, String code) {
        try (HttpEndpoints endpoints = open(List.of("localhost"))) {
            assertThatThrownBy(() -> endpoints.endpoint("w-1", Json.ofText(invocation)))
                    .isInstanceOf(Endpoints.RefusedException.class)
                    .hasMessageStartingWith(code)
                    .hasMessageNotContaining("s3cret");
        }
    }

    private HttpEndpoints open(List<String> allowedHosts) {
        AtomicInteger drawn = new AtomicInteger();
        return HttpEndpoints.open(
                new EndpointsConfig(true, allowedHosts, 4_096, 100, 2),
                ENVIRONMENT::get,
                () -> new UUID(0, drawn.incrementAndGet()),
                () -> NOW,
                (delay, task) -> {
                    Future<?> later = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
                    return () -> later.cancel(false);
                },
                bad -> failed.addAndGet(bad ? 1 : 0));
    }

    private String described(String text) {
        return text.formatted("http://localhost:" + server.getAddress().getPort());
    }

    private Outcome call(HttpEndpoints endpoints, String description) {
        return endpoints
                .endpoint("w-1", Json.ofText(described(description)))
                .call(invocation())
                .toCompletableFuture()
                .join();
    }

    private static Invocation invocation() {
        return new Invocation(
                "ext::sum",
                Json.ofText("{\"a\":1}"),
                Instant.MAX,
                new Invocation.Context("00-a-b-01", null, null, "w-2"));
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            String received = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(exchange.getRequestMethod(), Map.copyOf(exchange.getRequestHeaders()), received));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
