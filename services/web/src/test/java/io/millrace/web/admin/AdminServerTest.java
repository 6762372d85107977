package io.millrace.web.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.function.Functions;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import io.millrace.web.listen.Bind;
import io.millrace.web.listen.PortTakenException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final int MOST_BODY = 100_000;

    private static final Map<String, Function<Invocation, CompletionStage<Outcome>>> KNOWN = Map.of(
            "test::echo", call -> done(new Outcome.Result(Json.of(call.payload()))),
            "test::a/b ü", call -> done(new Outcome.Result(Json.NULL)),
            "test::late", call -> CompletableFuture.supplyAsync(() -> new Outcome.Result(Json.of(call.payload()))),
            "test::silent", call -> done(new Outcome.NoResult()),
            "test::misread", call -> done(new Outcome.Failure("deserialization_error", "missing field \"x\"")),
            "test::conflict",
                    call -> done(new Outcome.Failure("VERSION_CONFLICT", "other version", false, new Version(17))),
            "test::large", call -> done(new Outcome.Failure("VALUE_TOO_LARGE", "too large")),
            "test::away", call -> done(new Outcome.Failure("UNAVAILABLE", "no owner", true, null)),
            "test::wrong", call -> done(new Outcome.Failure("SET_ERROR", "failed")),
            "test::broken", call -> CompletableFuture.failedFuture(new IllegalStateException("planted")));

    private final Queue<Invocation> calls = new ConcurrentLinkedQueue<>();
    private volatile Readiness readiness = new Readiness(false, Json.ofText("{\"partitions\":0}"));
    private final AdminServer server = AdminServer.open(
            new AdminServerConfig(
                    new Bind("127.0.0.1", 0, "MILLRACE_ADMIN_PORT"), 2, MOST_BODY, 64, Duration.ofSeconds(30)),
            new Functions() {
                @Override
                public CompletionStage<Outcome> invoke(Invocation invocation) {
                    calls.add(invocation);
                    Function<Invocation, CompletionStage<Outcome>> known = KNOWN.get(invocation.functionId());
                    return known == null
                            ? done(new Outcome.Failure("function_not_found", "no " + invocation.functionId()))
                            : known.apply(invocation);
                }

                @Override
                public Collection<String> ids() {
                    return List.of("state::get", "state::set");
                }
            },
            () -> readiness,
            () -> "# HELP x y\nx 1\n",
            InstantSource.fixed(NOW));
    private final HttpClient client = HttpClient.newHttpClient();

    private static CompletionStage<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> call(String functionId, String body) throws Exception {
        return send(request("/v1/functions/" + functionId).POST(BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"test::echo", "test::late", "test%3A%3Aecho"})
    void aResultComesBackAsItIs(String functionId) throws Exception {
        HttpResponse<String> response = call(functionId, "{\"a\":[1.0,18446744073709551615,\"\u00fc\"]}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).isEqualTo("{\"result\":{\"a\":[1.0,18446744073709551615,\"\u00fc\"]}}");
    }

    @Test
    void noResultIsNotNull() throws Exception {
        assertThat(call("test::silent", "{}").body()).isEqualTo("{}");
        assertThat(call("test::a%2Fb%20%C3%BC", "{}").body()).isEqualTo("{\"result\":null}");
        assertThat(call("test::a/b%20%C3%BC", "{}").body()).isEqualTo("{\"result\":null}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "test::misread, 400, `{\"error\":{\"code\":\"deserialization_error\",\"message\":\"missing field \\\"x\\\"\"}}`",
                "test::nothing, 404, `{\"error\":{\"code\":\"function_not_found\",\"message\":\"no test::nothing\"}}`",
                "test::conflict, 409, `{\"error\":{\"code\":\"VERSION_CONFLICT\",\"message\":\"other version\",\"current_version\":17}}`",
                "test::large, 413, `{\"error\":{\"code\":\"VALUE_TOO_LARGE\",\"message\":\"too large\"}}`",
                "test::away, 503, `{\"error\":{\"code\":\"UNAVAILABLE\",\"message\":\"no owner\",\"retriable\":true}}`",
                "test::wrong, 500, `{\"error\":{\"code\":\"SET_ERROR\",\"message\":\"failed\"}}`",
                "test::broken, 500, `{\"error\":{\"code\":\"internal_error\",\"message\":\"invocation failed: see the log of the node\"}}`",
            })
    void aFailureHasItsStatus(String functionId, int status, String body) throws Exception {
        HttpResponse<String> response = call(functionId, "{}");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 503);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{} x", "nope", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})
    void whatIsNoJsonIsRefused(String body) throws Exception {
        HttpResponse<String> response = call("state::set", body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .startsWith("{\"error\":{\"code\":\"deserialization_error\",\"message\":"
                        + "\"Failed to deserialize input for state::set: ");
        assertThat(calls).isEmpty();
    }

    @Test
    void aBodyOverTheLimitIsRefusedHoweverItIsSent() throws Exception {
        String large = "\"" + "x".repeat(MOST_BODY) + "\"";
        assertThat(call("test::echo", large).statusCode()).isEqualTo(413);
        byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> chunked = send(request("/v1/functions/test::echo")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(calls).isEmpty();
    }

    @Test
    void aBodyJustWithinTheLimitIsTaken() throws Exception {
        String large = "\"" + "x".repeat(MOST_BODY - 2) + "\"";
        assertThat(call("test::late", large).body()).isEqualTo("{\"result\":" + large + "}");
        byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> chunked = send(request("/v1/functions/test::echo")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes))));
        assertThat(chunked.statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyMayComeInPieces() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            for (int round = 0; round < 2; round++) {
                String head = "POST /v1/functions/test::echo HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"a\"";
                out.write(head.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                assertThat(calls).hasSize(round);
                out.write(":1}".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(answer(socket.getInputStream(), "{\"result\":{\"a\":1}}"))
                        .startsWith("HTTP/1.1 200 OK");
            }
        }
    }

    private static String answer(InputStream in, String end) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf(end) < 0) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            answer.append((char) b);
        }
        return answer.toString();
    }

    @Test
    void deadlineAndTraceComeFromHeaders() throws Exception {
        call("test::echo", "{}");
        send(request("/v1/functions/test::echo")
                .header("Millrace-Timeout-Ms", "250")
                .header("traceparent", "00-1-2-01")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(calls.remove().deadline()).isEqualTo(NOW.plusSeconds(30));
        Invocation second = calls.remove();
        assertThat(second.deadline()).isEqualTo(NOW.plusMillis(250));
        assertThat(second.traceParent()).isEqualTo("00-1-2-01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "3600001"})
    void aTimeoutThatMakesNoSenseIsRefused(String timeout) throws Exception {
        HttpResponse<String> response = send(request("/v1/functions/test::echo")
                .header("Millrace-Timeout-Ms", timeout)
                .POST(BodyPublishers.ofString("{}")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("Millrace-Timeout-Ms: " + timeout + " (expected: 1 to 3600000)");
    }

    @Test
    void theFunctionsAreListed() throws Exception {
        HttpResponse<String> response = send(request("/v1/functions"));
        assertThat(response.body()).isEqualTo("{\"functions\":[\"state::get\",\"state::set\"]}");
    }

    @Test
    void healthIsTold() throws Exception {
        HttpResponse<String> live = send(request("/health/live"));
        assertThat(live.statusCode()).isEqualTo(200);
        HttpResponse<String> unready = send(request("/health/ready"));
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.body()).isEqualTo("{\"partitions\":0}");
        readiness = new Readiness(true, Json.ofText("{\"partitions\":8}"));
        assertThat(send(request("/health/ready?verbose")).statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreText() throws Exception {
        HttpResponse<String> response = send(request("/metrics"));
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).isEqualTo("# HELP x y\nx 1\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/functions/test::echo, POST",
        "DELETE, /v1/functions/test::echo, POST",
        "POST, /v1/functions, GET",
        "PUT, /health/live, GET",
        "POST, /metrics, GET"
    })
    void otherMethodsAreRefused(String method, String path, String allowed) throws Exception {
        HttpResponse<String> response = send(request(path).method(method, BodyPublishers.ofString("{}")));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains(allowed);
        assertThat(response.body()).contains("\"code\":\"method_not_allowed\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/functions/", "/health", "/v2/functions/x"})
    void otherPathsAreNotFound(String path) throws Exception {
        HttpResponse<String> response = send(request(path));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("\"code\":\"not_found\"");
    }

    @Test
    void manyCallsAtOnceAllGetTheirOwnAnswer() {
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            HttpRequest request = request("/v1/functions/" + (i % 2 == 0 ? "test::echo" : "test::late"))
                    .POST(BodyPublishers.ofString(Integer.toString(i)))
                    .build();
            responses.add(client.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8)));
            if (i % 50 == 49) {
                CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
                        .join();
            }
        }
        for (int i = 0; i < responses.size(); i++) {
            assertThat(responses.get(i).join().body()).isEqualTo("{\"result\":" + i + "}");
        }
    }

    @Test
    void aTakenPortIsNamedWithTheSettingToChange() {
        Bind taken = new Bind("127.0.0.1", server.port(), "MILLRACE_ADMIN_PORT");
        assertThatThrownBy(() -> AdminServer.open(
                        AdminServerConfig.on(taken),
                        new Functions() {
                            @Override
                            public CompletionStage<Outcome> invoke(Invocation invocation) {
                                return done(new Outcome.NoResult());
                            }

                            @Override
                            public Collection<String> ids() {
                                return List.of();
                            }
                        },
                        () -> readiness,
                        () -> "",
                        InstantSource.fixed(NOW)))
                .isInstanceOf(PortTakenException.class)
                .hasMessageEndingWith("stop the other program or set MILLRACE_ADMIN_PORT");
    }
}
