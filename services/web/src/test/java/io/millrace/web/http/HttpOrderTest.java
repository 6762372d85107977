package io.millrace.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Outcome;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HttpOrderTest {
    private static final HttpTriggersConfig.Cors OPEN = HttpTriggersConfig.Cors.OPEN;

    @Test
    void middlewareComesByPriorityThenTheConditionThenTheRoutesOwnThenTheFunction() throws Exception {
        List<HttpTriggersConfig.Middleware> all =
                List.of(new HttpTriggersConfig.Middleware("late", 5), new HttpTriggersConfig.Middleware("early", -5));
        try (OpenHttp http = new OpenHttp(OpenHttp.LIMITS, OPEN, all, false)) {
            http.returns("late", "{\"action\":\"continue\"}");
            http.function("early", payload -> new Outcome.NoResult());
            http.returns("condition", "{\"ok\":false}");
            http.returns("own", "\"whatever\"");
            http.returns("f", "{\"body\":1}");
            http.route(
                    "t",
                    "f",
                    "{\"api_path\":\"/x\",\"condition_function_id\":\"condition\","
                            + "\"middleware_function_ids\":[\"own\"]}",
                    Json.ofText("7"));

            assertThat(http.get("/x?a=1")).isEqualTo("200 1");

            assertThat(http.got.stream().map(Invocation::functionId))
                    .containsExactly("early", "late", "condition", "own", "f");
            var middleware = http.got.getFirst().payload().tree();
            assertThat(middleware.path("phase").stringValue()).isEqualTo("preHandler");
            assertThat(middleware.path("request").propertyNames())
                    .containsExactly("query_params", "path_params", "headers", "method");
            assertThat(middleware.path("context").toString()).isEqualTo("{}");
            var condition = http.got.get(2);
            assertThat(condition.payload().tree().propertyNames())
                    .containsExactly("query_params", "path_params", "headers", "path", "method", "body", "trigger");
            assertThat(condition.context().metadata()).isNull();
        }
    }

    @Test
    void aMiddlewareMayAnswerAndItsFailureIs500() throws Exception {
        try (OpenHttp http = new OpenHttp()) {
            http.returns(
                    "no", "{\"action\":\"respond\",\"response\":{\"status_code\":401,\"headers\":{\"x-a\":\"b\"}}}");
            http.function("broken", payload -> new Outcome.Failure("oh", "no"));
            http.returns("f", "{}");
            http.route("f", "{\"api_path\":\"/no\",\"middleware_function_ids\":[\"no\"]}");
            http.route("f", "{\"api_path\":\"/broken\",\"middleware_function_ids\":[\"broken\"]}");

            HttpResponse<String> refused = http.send(http.request("/no"));
            assertThat(OpenHttp.text(refused)).isEqualTo("401 null");
            assertThat(refused.headers().firstValue("x-a")).contains("b");
            assertThat(http.get("/broken"))
                    .startsWith("500 {\"error\":{\"code\":\"oh\",\"message\":\"no\",\"error_id\"");
            assertThat(http.got.stream().map(Invocation::functionId)).doesNotContain("f");
        }
    }

    @Test
    void onlyAConditionsFalseKeepsAFunctionFromBeingCalled() throws Exception {
        try (OpenHttp http = new OpenHttp()) {
            http.returns("f", "{\"body\":1}");
            http.route("f", "{\"api_path\":\"/x\",\"condition_function_id\":\"c\"}");
            for (String passes : List.of("true", "null", "0", "\"\"", "{\"ok\":false}")) {
                http.returns("c", passes);
                assertThat(http.get("/x")).isEqualTo("200 1");
            }
            http.returns("c", "false");
            assertThat(http.get("/x"))
                    .isEqualTo("422 {\"error\":{\"code\":\"CONDITION_NOT_MET\",\"message\":\"Request condition not"
                            + " met\"},\"skipped\":true}");
            http.function("c", payload -> new Outcome.Failure("bad", "condition"));
            assertThat(http.get("/x")).startsWith("500 {\"error\":{\"code\":\"bad\",");
        }
    }

    @Test
    void whatIsNotAnsweredInTimeIs504WithoutABodyAndLeavesNothingBehind() throws Exception {
        try (OpenHttp http = new OpenHttp(limits(Duration.ofMillis(50), 4), OPEN, List.of(), false)) {
            http.asynchronous("never", payload -> new CompletableFuture<>());
            http.returns("nothing", "null");
            http.route("never", "{\"api_path\":\"/never\"}");
            http.route("nothing", "{\"api_path\":\"/nothing\"}");
            for (String path : List.of("/never", "/nothing")) {
                HttpResponse<String> late = http.send(http.request(path));
                assertThat(OpenHttp.text(late)).isEqualTo("504 ");
                assertThat(late.headers().firstValue("access-control-allow-origin"))
                        .isEmpty();
            }
            await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
        }
    }

    @Test
    void requestsBeyondTheLimitWaitForTheirTurnAndTooManyAreTurnedAway() throws Exception {
        try (OpenHttp http = new OpenHttp(limits(Duration.ofSeconds(30), 2), OPEN, List.of(), false)) {
            CompletableFuture<Outcome> slow = new CompletableFuture<>();
            http.asynchronous("slow", payload -> slow);
            http.returns("fast", "{\"body\":\"fast\"}");
            http.route("slow", "{\"api_path\":\"/slow\"}");
            http.route("fast", "{\"api_path\":\"/fast\"}");
            List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, 5)
                    .mapToObj(i -> http.sendAsync(http.request("/slow")))
                    .toList();

            await().until(() -> http.events.statuses.equals(List.of(503)));
            assertThat(http.got).hasSize(2);
            assertThat(http.get("/fast")).isEqualTo("200 \"fast\"");

            slow.complete(new Outcome.Result(Json.ofText("{\"body\":\"slow\"}")));
            assertThat(asked.stream()
                            .map(answer -> OpenHttp.text(answer.join()))
                            .filter("200 \"slow\""::equals))
                    .hasSize(4);
        }
    }

    @Test
    void aBodyOverItsLimitIsRefusedBeforeTheFunctionIsCalled() throws Exception {
        try (OpenHttp http = new OpenHttp()) {
            http.returns("f", "{}");
            http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");
            String body = "\"" + "x".repeat(200_000) + "\"";

            assertThat(http.post("/x", "application/json", body))
                    .startsWith("413 {\"error\":{\"code\":\"PAYLOAD_TOO_LARGE\",");
            HttpRequest.Builder chunked = http.request("/x")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArrays(
                            List.of(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
            assertThat(http.send(chunked).statusCode()).isEqualTo(413);
            assertThat(http.got).isEmpty();
        }
    }

    @Test
    void bodiesThatAreTooMuchTogetherAreTurnedAwayUntilThereIsRoomAgain() throws Exception {
        try (OpenHttp http = new OpenHttp(limits(Duration.ofSeconds(30), 10), OPEN, List.of(), false)) {
            CompletableFuture<Outcome> slow = new CompletableFuture<>();
            http.asynchronous("f", payload -> slow);
            http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");
            String body = "\"" + "x".repeat(90_000) + "\"";
            CompletableFuture<HttpResponse<String>> first = http.sendAsync(http.request("/x")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
            await().until(() -> http.got.size() == 1);

            assertThat(http.post("/x", "application/json", body))
                    .startsWith("503 {\"error\":{\"code\":\"OVERLOADED\",");
            slow.complete(new Outcome.Result(Json.ofText("{\"body\":1}")));
            assertThat(OpenHttp.text(first.join())).isEqualTo("200 1");
            await().until(() -> http.events.open.get() == 0);
            assertThat(http.post("/x", "application/json", body)).isEqualTo("200 1");
        }
    }

    @Test
    void aThousandAtOnceAreAllAnsweredThoughTheyAreAnsweredLate() {
        try (OpenHttp http = new OpenHttp(limits(Duration.ofSeconds(30), 1_000), OPEN, List.of(), false)) {
            CompletableFuture<Outcome> late = new CompletableFuture<>();
            http.asynchronous("f", payload -> late);
            http.route("f", "{\"api_path\":\"/x\"}");
            List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, 1_000)
                    .mapToObj(i -> http.sendAsync(http.request("/x")))
                    .toList();
            await().until(() -> http.got.size() == 1_000);

            late.complete(new Outcome.Result(Json.ofText("{\"body\":1}")));

            assertThat(asked)
                    .allSatisfy(
                            answer -> assertThat(OpenHttp.text(answer.join())).isEqualTo("200 1"));
            await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
        }
    }

    private static HttpTriggersConfig.Limits limits(Duration timeout, int requests) {
        return new HttpTriggersConfig.Limits(timeout, requests, 100_000, 150_000, 1 << 30, 50);
    }
}
