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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AdminConfig CONFIG = config(0);

    private final Scripted functions = new Scripted();
    private final AdminServer server =
            AdminServer.open(CONFIG, functions, new Fine(), InstantSource.fixed(NOW), () -> Duration.ofSeconds(5));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        server.close();
    }

    @Test
    void aResultIsWrappedAndNullIsNotTheSameAsNone() throws Exception {
        functions.outcome = new Outcome.Result(Json.ofText("{\"a\":1}"));
        assertThat(answer("state::get", "{}")).isEqualTo("200 {\"result\":{\"a\":1}}");

        functions.outcome = new Outcome.Result(Json.NULL);
        assertThat(answer("state::get", "{}")).isEqualTo("200 {\"result\":null}");

        functions.outcome = new Outcome.NoResult();
        assertThat(answer("state::get", "{}")).isEqualTo("200 {}");
    }

    @Test
    void failuresHaveFittingStatuses() throws Exception {
        assertThat(failing(new Outcome.Failure("deserialization_error", "no"))).startsWith("400 ");
        assertThat(failing(new Outcome.Failure("function_not_found", "no"))).startsWith("404 ");
        assertThat(failing(new Outcome.Failure("VALUE_TOO_LARGE", "no"))).startsWith("413 ");
        assertThat(failing(new Outcome.Failure("SET_ERROR", "no")))
                .isEqualTo("500 {\"error\":{\"code\":\"SET_ERROR\",\"message\":\"no\"}}");
        assertThat(failing(new Outcome.Failure("SET_ERROR", "later", true, null)))
                .isEqualTo("503 {\"error\":{\"code\":\"SET_ERROR\",\"message\":\"later\",\"retriable\":true}}");
        assertThat(failing(new Outcome.Failure("VERSION_CONFLICT", "no", false, new Version(7))))
                .isEqualTo("409 {\"error\":{\"code\":\"VERSION_CONFLICT\",\"message\":\"no\",\"current_version\":7}}");
    }

    @Test
    void theCallGetsPayloadDeadlineAndTrace() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/functions/state%3A%3Aset"))
                .header("Millrace-Timeout-Ms", "1500")
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .POST(HttpRequest.BodyPublishers.ofString("{\"scope\":\"s\"}"))
                .build();
        http.send(request, HttpResponse.BodyHandlers.ofString());

        Invocation got = functions.got.getLast();
        assertThat(got.functionId()).isEqualTo("state::set");
        assertThat(got.payload().tree().path("scope").asString()).isEqualTo("s");
        assertThat(got.deadline()).isEqualTo(NOW.plusMillis(1_500));
        assertThat(got.context().traceParent()).startsWith("00-0af7");
    }

    @Test
    void malformedBodiesAreRefusedAndNothingIsCalled() throws Exception {
        for (String body : List.of("", "{", "{} x", "{\"a\":1e999}", "[".repeat(30) + "]".repeat(30))) {
            assertThat(answer("state::set", body))
                    .as("body %s", body)
                    .startsWith("400 {\"error\":{\"code\":\"deserialization_error\",\"message\":\"Failed to"
                            + " deserialize input for state::set: ");
        }
        assertThat(functions.got).isEmpty();
    }

    @Test
    void aBodyOverTheLimitIsRefusedWithItsLengthAndWithout() throws Exception {
        String body = "\"" + "x".repeat(5_000) + "\"";
        assertThat(answer("state::set", body)).startsWith("413 ");

        HttpRequest chunked = HttpRequest.newBuilder(uri("/v1/functions/state::set"))
                .POST(HttpRequest.BodyPublishers.ofByteArrays(
                        List.of(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .build();
        assertThat(http.send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(413);
        assertThat(functions.got).isEmpty();
    }

    @Test
    void otherMethodsAndPathsAreToldSo() throws Exception {
        HttpResponse<String> get = http.send(
                HttpRequest.newBuilder(uri("/v1/functions/state::get")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");

        assertThat(http.send(HttpRequest.newBuilder(uri("/nowhere")).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void healthMetricsAndIdsAreThere() throws Exception {
        assertThat(get("/health/live")).isEqualTo("200 {\"alive\":true}");
        assertThat(get("/health/ready")).isEqualTo("503 {\"ready\":false}");
        assertThat(get("/metrics")).isEqualTo("200 up 1\n");
        assertThat(get("/v1/functions")).isEqualTo("200 {\"functions\":[\"state::get\",\"state::set\"]}");
    }

    @Test
    void aThousandCallsAtOnceAreAllAnsweredThoughTheyAreAnsweredLate() {
        CompletableFuture<Outcome> late = new CompletableFuture<>();
        functions.pending = late;
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 1_000)
                .mapToObj(i -> http.sendAsync(request("state::get", "{}"), HttpResponse.BodyHandlers.ofString()))
                .toList();
        org.awaitility.Awaitility.await().until(() -> functions.got.size() == 1_000);

        late.complete(new Outcome.NoResult());

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    @Test
    void aTakenPortIsOneSentence() {
        AdminConfig taken = config(server.port());

        assertThatThrownBy(() -> AdminServer.open(
                        taken, functions, new Fine(), InstantSource.fixed(NOW), () -> Duration.ofSeconds(5)))
                .isInstanceOf(PortTakenException.class)
                .hasMessageStartingWith("port " + server.port() + " is taken (127.0.0.1")
                .hasMessageEndingWith("or set admin.port");
    }

    private static AdminConfig config(int port) {
        return new AdminConfig(new Bind("127.0.0.1", port, "admin.port"), 2, 1_000, 20, Duration.ofSeconds(30));
    }

    private String failing(Outcome.Failure failure) throws Exception {
        functions.outcome = failure;
        return answer("any", "{}");
    }

    private String answer(String function, String body) throws Exception {
        HttpResponse<String> response = http.send(request(function, body), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private HttpRequest request(String function, String body) {
        return HttpRequest.newBuilder(uri("/v1/functions/" + function))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static final class Scripted implements Functions {
        private final List<Invocation> got = java.util.Collections.synchronizedList(new ArrayList<>());
        private volatile Outcome outcome = new Outcome.NoResult();
        private volatile CompletableFuture<Outcome> pending = CompletableFuture.completedFuture(outcome);

        @Override
        public CompletionStage<Outcome> invoke(Invocation invocation) {
            CompletableFuture<Outcome> waiting = pending;
            got.add(invocation);
            return waiting.isDone() ? CompletableFuture.completedStage(outcome) : waiting;
        }

        @Override
        public Collection<String> ids() {
            return List.of("state::get", "state::set");
        }
    }

    private static final class Fine implements Observed {
        @Override
        public Condition live() {
            return new Condition(true, Json.ofText("{\"alive\":true}"));
        }

        @Override
        public Condition ready() {
            return new Condition(false, Json.ofText("{\"ready\":false}"));
        }

        @Override
        public String metrics() {
            return "up 1\n";
        }
    }
}
