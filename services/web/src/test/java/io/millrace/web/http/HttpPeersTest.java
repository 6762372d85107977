package io.millrace.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpPeersTest {
    private static final String GET = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

    private final OpenHttp http = new OpenHttp();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void requestsOfOneConnectionAreAnsweredInOrderAlsoIfTheyComeAtOnce() throws Exception {
        AtomicInteger number = new AtomicInteger();
        http.function("f", payload -> new Outcome.Result(Json.ofText("{\"body\":" + number.incrementAndGet() + "}")));
        http.route("f", "{\"api_path\":\"/x\"}");
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send(GET + GET + GET);
            for (int i = 1; i <= 3; i++) {
                assertThat(client.head()).startsWith("HTTP/1.1 200 ");
                assertThat(client.body(1)).isEqualTo(Integer.toString(i));
            }
            client.send(GET);
            client.head();
            assertThat(client.body(1)).isEqualTo("4");
        }
    }

    @Test
    void aRequestThatComesWhileAnotherIsWatchedIsNotLost() throws Exception {
        CompletableFuture<Outcome> slow = new CompletableFuture<>();
        http.asynchronous("slow", payload -> slow);
        http.returns("f", "{\"body\":2}");
        http.route("slow", "{\"api_path\":\"/slow\"}");
        http.route("f", "{\"api_path\":\"/x\"}");
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            // Longer than the quick ones go unwatched.
            await().pollDelay(java.time.Duration.ofMillis(1_300)).until(() -> http.got.size() == 1);
            client.send(GET);
            await().during(java.time.Duration.ofMillis(100)).until(() -> http.got.size() == 1);
            slow.complete(new Outcome.Result(Json.ofText("{\"body\":1}")));

            client.head();
            assertThat(client.body(1)).isEqualTo("1");
            client.head();
            assertThat(client.body(1)).isEqualTo("2");
        }
    }

    @Test
    void aClientThatWaitsForLeaveToSendItsBodyGetsIt() throws Exception {
        http.function(
                "f",
                payload -> new Outcome.Result(
                        Json.ofText("{\"body\":" + payload.path("body").toString() + "}")));
        http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");
        String head = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n";
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send(head + "Content-Length: 3\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 100 ");
            client.send("123");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(client.body(3)).isEqualTo("123");
        }
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send(head + "Content-Length: 300000\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 413 ").doesNotContain("100 Continue");
        }
    }

    @Test
    void anAnswerReachesAClientThatIsStillSending() throws Exception {
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 404 ").contains("Connection: close");
            client.send("x".repeat(1_000_000));
            assertThat(client.rest()).endsWith("}}");
        }
        await().until(() -> http.events.open.get() == 0);
    }

    @Test
    void oddRequestsAreAnsweredInTheManner() throws Exception {
        http.function(
                "f",
                payload -> new Outcome.Result(Json.ofText("{\"body\":["
                        + payload.path("path_params").toString() + ","
                        + payload.path("query_params").toString() + ","
                        + "\"" + payload.path("headers").path("x").asString("") + "\"]}")));
        http.route("f", "{\"api_path\":\"/p/:id\"}");

        assertThat(once("GET /p/a;b=c?r=%C3%BC&s=%ff HTTP/1.1\r\nHost: a\r\nX: \u00fc\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("[{\"id\":\"a;b=c\"},{\"r\":\"\u00c3\u00bc\",\"s\":\"\u00ef\u00bf\u00bd\"},\"\"]");
        assertThat(once("GET http://a.example/p/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .contains("\"id\":\"1\"");
        assertThat(once("GET /p/1 HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.").contains("\"id\":\"1\"");
        assertThat(once("BREW /p/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ");
        assertThat(once("GET /p/" + "a/".repeat(2_000) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
        await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
    }

    @Test
    void nothingIsSentAfterAHeadThatHasNoBody() throws Exception {
        http.returns("f", "{\"status_code\":204}");
        http.route("f", "{\"api_path\":\"/x\"}");
        assertThat(once("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .endsWith("\r\n\r\n")
                .doesNotContainIgnoringCase("content-length")
                .doesNotContainIgnoringCase("transfer-encoding");
    }

    private String once(String request) throws Exception {
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send(request);
            return client.rest();
        }
    }
}
