package io.millrace.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Item;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class HttpPayloadTest {
    private final OpenHttp http = new OpenHttp();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void aFunctionGetsTheRequestAsItIs() throws Exception {
        http.returns("f", "{\"body\":{}}");
        http.route("t", "f", "{\"api_path\":\"users/:id\",\"http_method\":\"post\"}", Json.ofText("{\"z\":1}"));
        http.send(http.request("/users/a%20b?q=x%20y&q=last+one&empty&=v")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("X-Twice", "1")
                .header("X-Twice", "2")
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .header("baggage", "a=1")
                .POST(HttpRequest.BodyPublishers.ofString(" {\"a\" : [1, 2.50, \"ü\"]} ")));

        JsonNode payload = http.lastPayload();
        assertThat(payload.path("query_params").toString()).isEqualTo("{\"q\":\"last one\",\"empty\":\"\",\"\":\"v\"}");
        assertThat(payload.path("path_params").toString()).isEqualTo("{\"id\":\"a%20b\"}");
        assertThat(payload.path("headers").path("x-twice").stringValue()).isEqualTo("2");
        assertThat(payload.path("path").stringValue()).isEqualTo("users/:id");
        assertThat(payload.path("method").stringValue()).isEqualTo("POST");
        assertThat(payload.path("body").toString()).isEqualTo("{\"a\":[1,2.5,\"ü\"]}");
        assertThat(payload.path("trigger").toString())
                .isEqualTo("{\"type\":\"http\",\"path\":\"users/:id\",\"method\":\"POST\"}");
        assertThat(payload.path("request_body").path("direction").stringValue()).isEqualTo("read");
        assertThat(payload.path("response").path("direction").stringValue()).isEqualTo("write");
        assertThat(payload.size()).isEqualTo(9);
        assertThat(http.got.getLast().context().metadata()).isEqualTo(Json.ofText("{\"z\":1}"));
        assertThat(http.got.getLast().context().traceParent()).startsWith("00-0af7");
        assertThat(http.got.getLast().context().baggage()).isEqualTo("a=1");
        assertThat(http.got.getLast().context().callerWorkerId()).isNull();
    }

    @Test
    void aJsonBodyIsAlsoInTheChannelAsItWasSent() throws Exception {
        List<String> read = new java.util.concurrent.CopyOnWriteArrayList<>();
        http.function("f", payload -> {
            Channel channel = http.channel(payload, "request_body");
            channel.claimReader(() -> {});
            Item item = channel.poll();
            read.add(item == null ? "nothing" : new String(item.bytes(), StandardCharsets.UTF_8));
            read.add("ended " + channel.isEnded());
            return new io.millrace.engine.function.Outcome.Result(Json.ofText("{}"));
        });
        http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");

        http.post("/x", "application/json", "{\"a\": 1}");
        http.post("/x", "application/json", "");

        assertThat(read).containsExactly("{\"a\": 1}", "ended true", "nothing", "ended true");
    }

    @Test
    void whatIsNoJsonIsNullAndNoError() throws Exception {
        http.returns("f", "{\"body\":\"fine\"}");
        http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");

        for (String body : List.of("{", "", "{} {}", "[".repeat(60) + "]".repeat(60))) {
            assertThat(http.post("/x", "application/json", body)).isEqualTo("200 \"fine\"");
            assertThat(http.lastPayload().path("body").isNull()).isTrue();
        }
        assertThat(http.post("/x", "Application/JSON", "{}")).isEqualTo("200 \"fine\"");
        assertThat(http.lastPayload().path("body").isNull()).isTrue();
        assertThat(http.post("/x", "text/plain", "{}")).isEqualTo("200 \"fine\"");
        assertThat(http.lastPayload().path("body").isNull()).isTrue();
    }

    @Test
    void tracesThatAreNotWellFormedAreLeftOut() throws Exception {
        http.returns("f", "{}");
        http.route("f", "{\"api_path\":\"/x\"}");
        String zeros = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
        for (String trace : List.of("x", zeros, "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")) {
            http.send(http.request("/x").header("traceparent", trace));
            assertThat(http.got.getLast().context().traceParent()).isNull();
        }
    }

    @Test
    void aBodyAtTheTopLevelTakesNobodysPlace() throws Exception {
        try (OpenHttp open = new OpenHttp(OpenHttp.LIMITS, HttpTriggersConfig.Cors.OPEN, List.of(), true)) {
            open.returns("f", "{}");
            open.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");

            open.post("/x", "application/json", "{\"title\":\"t\",\"path\":\"/forged\",\"response\":1}");
            assertThat(open.lastPayload().path("title").stringValue()).isEqualTo("t");
            assertThat(open.lastPayload().path("path").stringValue()).isEqualTo("/x");
            assertThat(open.lastPayload().path("response").isObject()).isTrue();
            assertThat(open.lastPayload().path("body").path("path").stringValue())
                    .isEqualTo("/forged");

            open.post("/x", "application/json", "[1]");
            assertThat(open.lastPayload().size()).isEqualTo(9);
        }
    }

    @Test
    void aLargeJsonBodyArrivesWhole() throws Exception {
        http.function(
                "f",
                payload -> new io.millrace.engine.function.Outcome.Result(Json.ofText(
                        "{\"body\":" + payload.path("body").stringValue().length() + "}")));
        http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");

        assertThat(http.post("/x", "application/json", "\"" + "x".repeat(99_000) + "\""))
                .isEqualTo("200 99000");
    }
}
