package io.millrace.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Endpoints;
import io.millrace.engine.worker.WorkerLimits;
import io.millrace.engine.worker.Workers;
import io.millrace.web.fleet.Site;
import io.millrace.web.listen.Bind;
import io.millrace.web.socket.MessageSocketConfig;
import io.millrace.web.socket.RawClient;
import io.millrace.web.socket.SocketEvents;
import io.millrace.web.worker.WorkerServer;
import io.millrace.web.worker.WorkerServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests at one node, whose function's worker is connected to another. */
class HttpOfOtherNodesTest {
    private final Site here = new Site("here");
    private final Site there = new Site("there");
    private final AutoCloseable link = Site.link(here, there);
    private final OpenHttp http = new OpenHttp(here.channels());
    private final WorkerServer workers = WorkerServer.open(
            new WorkerServerConfig(new Bind("127.0.0.1", 0, "workers.port"), 2, 132, MessageSocketConfig.defaults()),
            new Workers(new Workers.Means(
                    new Invoker(),
                    new Triggers(),
                    (workerId, invocation) -> {
                        throw new Endpoints.RefusedException("refused", "none here");
                    },
                    UUID::randomUUID,
                    (delay, task) -> () -> {},
                    InstantSource.system(),
                    WorkerLimits.defaults())),
            there.pipes(),
            frame -> {},
            new SocketEvents() {});
    private final BlockingQueue<JsonNode> calls = new LinkedBlockingQueue<>();

    HttpOfOtherNodesTest() {
        http.function("f", payload -> {
            calls.add(payload);
            return new Outcome.NoResult();
        });
        http.route("f", "{\"api_path\":\"/x\"}");
        http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");
    }

    @AfterEach
    void close() {
        http.close();
        workers.close();
        here.close();
        there.close();
    }

    /** What a worker of the other node connects to when it gets a ref. */
    private RawClient connect(JsonNode payload, String field) throws IOException {
        JsonNode ref = payload.path(field);
        return RawClient.connect(
                workers.port(),
                "/ws/channels/" + ref.path("channel_id").asString() + "?key="
                        + ref.path("access_key").asString() + "&dir="
                        + ref.path("direction").asString());
    }

    private JsonNode called() throws InterruptedException {
        JsonNode payload = calls.poll(20, TimeUnit.SECONDS);
        assertThat(payload).isNotNull();
        return java.util.Objects.requireNonNull(payload);
    }

    private void nothingIsLeft() {
        await().until(() -> here.channels().size() == 0
                && here.pipes().size() + there.pipes().size() == 0
                && http.events.open.get() == 0);
    }

    @Test
    void aBodyReachesTheWorkerAndWhatItWritesIsTheAnswer() throws Exception {
        byte[] body = new byte[3 << 20];
        Arrays.fill(body, (byte) 'x');
        CompletableFuture<HttpResponse<InputStream>> asked = HttpClient.newHttpClient()
                .sendAsync(
                        http.request("/x")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        JsonNode payload = called();
        try (RawClient in = connect(payload, "request_body");
                RawClient out = connect(payload, "response")) {
            int got = 0;
            for (String next = in.next(); !next.equals("close"); next = in.next()) {
                got += next.length() - "binary ".length();
            }
            assertThat(got).isEqualTo(body.length);
            out.text("{\"type\":\"set_status\",\"status_code\":201}");
            out.text("{\"type\":\"set_headers\",\"headers\":{\"content-type\":\"text/plain\"}}");
            out.frame(0x82, "abc".getBytes(StandardCharsets.UTF_8));
            HttpResponse<InputStream> response = asked.get(20, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.headers().firstValue("content-type")).contains("text/plain");
            assertThat(response.body().readNBytes(3)).asString().isEqualTo("abc");
            out.frame(0x82, "def".getBytes(StandardCharsets.UTF_8));
            out.frame(0x88, new byte[] {0x03, (byte) 0xe8});
            assertThat(response.body().readAllBytes()).asString().isEqualTo("def");
        }
        nothingIsLeft();
    }

    @Test
    void aClientThatGoesAwayEndsTheWorkersSockets() throws Exception {
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            JsonNode payload = called();
            try (RawClient in = connect(payload, "request_body");
                    RawClient out = connect(payload, "response")) {
                assertThat(in.next()).isEqualTo("binary abc");
                client.goAway();
                assertThat(in.next()).isEqualTo("close");
                assertThat(out.next()).isEqualTo("close");
            }
        }
        nothingIsLeft();
    }

    @Test
    void aLinkThatBreaksEndsTheAnswer() throws Exception {
        CompletableFuture<HttpResponse<String>> asked = http.sendAsync(http.request("/x"));
        try (RawClient out = connect(called(), "response")) {
            out.frame(0x82, "abc".getBytes(StandardCharsets.UTF_8));
            await().until(() -> !http.events.statuses.isEmpty());
            link.close();
            assertThat(out.next()).isEqualTo("close");
        }
        assertThat(OpenHttp.text(asked.get(20, TimeUnit.SECONDS))).isEqualTo("200 abc");
        nothingIsLeft();
    }
}
