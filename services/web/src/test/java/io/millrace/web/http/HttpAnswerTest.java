package io.millrace.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.function.Outcome;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpAnswerTest {
    private final OpenHttp http = new OpenHttp();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void anEnvelopeSaysStatusHeadersAndBody() throws Exception {
        assertThat(answer("{\"status_code\":201,\"body\":{\"a\":1}}")).isEqualTo("201 application/json {\"a\":1}");
        assertThat(answer("{\"status_code\":201}")).isEqualTo("201 application/json {}");
        assertThat(answer("{\"status_code\":-1,\"body\":1}")).isEqualTo("200 application/json 1");
        assertThat(answer("{\"status_code\":\"404\",\"body\":1}")).isEqualTo("200 application/json 1");
        assertThat(answer("{\"status_code\":101,\"body\":1}")).isEqualTo("200 application/json 1");
        assertThat(answer("{\"body\":\"text\"}")).isEqualTo("200 application/json \"text\"");
        assertThat(answer("{\"body\":null}")).isEqualTo("200 application/json null");
        assertThat(answer("{\"body\":\"text\",\"headers\":{\"content-type\":\"text/plain\"}}"))
                .isEqualTo("200 text/plain text");
        assertThat(answer("{\"body\":null,\"headers\":{\"Content-Type\":\"text/plain\"}}"))
                .isEqualTo("200 text/plain ");
        assertThat(answer("{\"body\":[1, 2],\"headers\":[\"Content-Type: text/csv\"]}"))
                .isEqualTo("200 text/csv [1,2]");
        assertThat(answer("{\"status_code\":204}")).startsWith("204 ").endsWith(" ");
    }

    @Test
    void aPlainValueIsTheBody() throws Exception {
        assertThat(answer("{\"hello\":1}")).isEqualTo("200 application/json {\"hello\":1}");
        assertThat(answer("{}")).isEqualTo("200 application/json {}");
        assertThat(answer("[1,2]")).isEqualTo("200 application/json [1,2]");
        assertThat(answer("false")).isEqualTo("200 application/json false");
    }

    @Test
    void headersThatAreNoneOrNotTheirsAreSkipped() throws Exception {
        http.returns(
                "f",
                "{\"body\":1,\"headers\":[\"Set-Cookie: a=1\",\"Set-Cookie: b=2\",\"no colon\",\"bad name: x\","
                        + "\"X-Bad: a\\nb\",\"X-Uml: ü\",\"Content-Length: 9\",\"Connection: close\",7]}");
        http.route("f", "{\"api_path\":\"/x\"}");

        HttpResponse<String> response = http.send(http.request("/x"));

        assertThat(response.body()).isEqualTo("1");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(response.headers().map().keySet()).doesNotContain("no colon", "bad name", "x-bad", "x-uml");
        assertThat(response.headers().firstValue("connection")).isNotEqualTo(java.util.Optional.of("close"));
        assertThat(response.headers().firstValue("content-length")).contains("1");
    }

    @Test
    void aFailureIs500WithAnIdTheLogKnows() throws Exception {
        http.function("f", payload -> new Outcome.Failure("invocation_failed", "boom \"x\""));
        http.route("f", "{\"api_path\":\"/x\"}");
        http.route("missing", "{\"api_path\":\"/y\"}");

        assertThat(http.get("/x"))
                .matches("500 \\{\"error\":\\{\"code\":\"invocation_failed\",\"message\":\"boom \\\\\"x\\\\\"\","
                        + "\"error_id\":\"[0-9a-f]{1,12}\"\\}\\}");
        assertThat(http.get("/y")).startsWith("500 {\"error\":{\"code\":\"function_not_found\",");
    }

    @Test
    void aFunctionThatBreaksTheRulesIs500AndSaysNothing() throws Exception {
        http.function("f", payload -> {
            throw new IllegalStateException("secret");
        });
        http.route("f", "{\"api_path\":\"/x\"}");

        assertThat(http.get("/x"))
                .startsWith("500 {\"error\":{\"code\":\"INTERNAL_ERROR\",\"message\":\"internal server error\",");
    }

    @Test
    void pathsAndMethodsThatNobodyServesAreToldSo() throws Exception {
        http.returns("f", "{}");
        http.end(http.route("f", "{\"api_path\":\"/gone\"}"));
        http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");

        assertThat(http.get("/gone")).isEqualTo("404 {\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"Not Found\"}}");
        HttpResponse<String> other = http.send(http.request("/x"));
        assertThat(OpenHttp.text(other)).isEqualTo("405 ");
        assertThat(other.headers().firstValue("allow")).contains("POST");
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        http.returns("f", "{\"body\":{\"a\":1}}");
        http.route("f", "{\"api_path\":\"/x\"}");

        HttpResponse<String> head = http.send(http.request("/x").method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(OpenHttp.text(head)).isEqualTo("200 ");
        assertThat(head.headers().firstValue("content-length")).contains("7");
        assertThat(http.lastPayload().path("method").stringValue()).isEqualTo("GET");
    }

    @Test
    void everybodyMayCallUnlessTheConfigurationSaysOtherwise() throws Exception {
        http.returns("f", "{\"headers\":{\"Access-Control-Allow-Origin\":\"https://else\",\"Vary\":\"accept\"}}");
        http.route("f", "{\"api_path\":\"/x\"}");

        HttpResponse<String> normal = http.send(http.request("/x"));
        assertThat(normal.headers().allValues("access-control-allow-origin")).containsExactly("*");
        assertThat(normal.headers().allValues("access-control-expose-headers")).containsExactly("*");
        assertThat(normal.headers().allValues("vary"))
                .containsExactly("accept", "origin, access-control-request-method, access-control-request-headers");
        assertThat(http.send(http.request("/nowhere")).headers().firstValue("access-control-allow-origin"))
                .contains("*");

        HttpResponse<String> preflight =
                http.send(http.request("/nowhere").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(OpenHttp.text(preflight)).isEqualTo("200 ");
        assertThat(preflight.headers().firstValue("access-control-allow-methods"))
                .contains("*");
        assertThat(preflight.headers().firstValue("access-control-allow-headers"))
                .contains("*");
    }

    @Test
    void listedOriginsAreEchoedAndOthersHearNothing() throws Exception {
        HttpTriggersConfig.Cors cors =
                new HttpTriggersConfig.Cors(List.of("https://a.example"), List.of("GET", "POST"));
        try (OpenHttp open = new OpenHttp(OpenHttp.LIMITS, cors, List.of(), false)) {
            HttpResponse<String> ours = open.send(open.request("/").header("Origin", "https://a.example"));
            assertThat(ours.headers().firstValue("access-control-allow-origin")).contains("https://a.example");
            assertThat(ours.headers().firstValue("access-control-expose-headers"))
                    .isEmpty();
            HttpResponse<String> theirs = open.send(open.request("/")
                    .header("Origin", "https://b.example")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
            assertThat(theirs.headers().firstValue("access-control-allow-origin"))
                    .isEmpty();
            assertThat(theirs.headers().firstValue("access-control-allow-methods"))
                    .contains("GET,POST");
        }
    }

    private String answer(String result) throws Exception {
        http.returns("f", result);
        http.route("f", "{\"api_path\":\"/x\"}");
        HttpResponse<String> response = http.send(http.request("/x"));
        return response.statusCode() + " "
                + response.headers().firstValue("content-type").orElse("none") + " " + response.body();
    }
}
