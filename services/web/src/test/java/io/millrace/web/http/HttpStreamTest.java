package io.millrace.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.core.value.Json;
import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Item;
import io.millrace.engine.function.Outcome;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class HttpStreamTest {
    private final OpenHttp http = new OpenHttp();
    private final BlockingQueue<JsonNode> calls = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        http.close();
    }

    /** A function that returns nothing, as those of the npm clients that write their answers do. */
    private void streaming() {
        http.function("f", payload -> {
            calls.add(payload);
            return new Outcome.NoResult();
        });
        http.route("f", "{\"api_path\":\"/x\"}");
        http.route("f", "{\"api_path\":\"/x\",\"http_method\":\"POST\"}");
    }

    private Channel writer() throws InterruptedException {
        Channel channel = http.channel(called(), "response");
        assertThat(channel.claimWriter(() -> {})).isTrue();
        return channel;
    }

    private JsonNode called() throws InterruptedException {
        JsonNode payload = calls.poll(20, TimeUnit.SECONDS);
        assertThat(payload).isNotNull();
        return java.util.Objects.requireNonNull(payload);
    }

    @Test
    void whatIsWrittenIsTheAnswerAndIsSentAtOnce() throws Exception {
        streaming();
        CompletableFuture<HttpResponse<InputStream>> asked = java.net.http.HttpClient.newHttpClient()
                .sendAsync(http.request("/x").build(), HttpResponse.BodyHandlers.ofInputStream());
        Channel channel = writer();
        channel.write(text("{\"type\":\"set_status\",\"status_code\":201}"));
        channel.write(text("{\"type\":\"set_headers\",\"headers\":{\"content-type\":\"text/plain\",\"x\":1}}"));
        channel.write(text("garbage"));
        channel.write(bytes("abc"));

        HttpResponse<InputStream> response = asked.join();
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("content-type")).contains("text/plain");
        assertThat(response.body().readNBytes(3)).asString().isEqualTo("abc");

        channel.write(text("{\"type\":\"set_status\",\"status_code\":500}"));
        channel.write(bytes("def"));
        channel.end();
        assertThat(response.body().readAllBytes()).asString().isEqualTo("def");
        await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
    }

    @Test
    void aWriterThatEndsWithoutBytesAnswersWithStatusAndHeaders() throws Exception {
        streaming();
        CompletableFuture<HttpResponse<String>> asked = http.sendAsync(http.request("/x"));
        Channel channel = writer();
        channel.write(text("{\"type\":\"set_status\",\"status_code\":202}"));
        channel.write(text("{\"type\":\"set_headers\",\"headers\":{\"x-a\":\"b\"}}"));
        channel.end();

        assertThat(OpenHttp.text(asked.join())).isEqualTo("202 ");
        assertThat(asked.join().headers().firstValue("x-a")).contains("b");
        assertThat(asked.join().headers().firstValue("content-type")).isEmpty();
    }

    @Test
    void aResultThatComesFirstIsTheAnswerAndTheWriterLearnsThatNobodyReads() throws Exception {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        http.asynchronous("f", payload -> {
            calls.add(payload);
            return result;
        });
        http.route("f", "{\"api_path\":\"/x\"}");
        CompletableFuture<HttpResponse<String>> asked = http.sendAsync(http.request("/x"));
        Channel channel = writer();
        channel.write(text("{\"type\":\"set_status\",\"status_code\":202}"));
        result.complete(new Outcome.Result(Json.ofText("{\"body\":1}")));

        assertThat(OpenHttp.text(asked.join())).isEqualTo("200 1");
        await().until(channel::isAbandoned);
    }

    @Test
    void bytesThatComeFirstAreTheAnswerAndTheResultIsIgnored() throws Exception {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        http.asynchronous("f", payload -> {
            calls.add(payload);
            return result;
        });
        http.route("f", "{\"api_path\":\"/x\"}");
        CompletableFuture<HttpResponse<String>> asked = http.sendAsync(http.request("/x"));
        Channel channel = writer();
        channel.write(bytes("abc"));
        await().until(() -> http.events.statuses.equals(List.of(200)));
        result.complete(new Outcome.Failure("too", "late"));
        channel.end();

        assertThat(OpenHttp.text(asked.join())).isEqualTo("200 abc");
    }

    @Test
    void aBodyIsPassedOnPieceByPieceAndOnlyAsFastAsItIsRead() throws Exception {
        streaming();
        byte[] sent = new byte[20 << 20];
        Arrays.fill(sent, (byte) 'x');
        AtomicLong published = new AtomicLong();
        CompletableFuture<HttpResponse<String>> asked = http.sendAsync(
                http.request("/x").POST(HttpRequest.BodyPublishers.ofInputStream(() -> counted(sent, published))));
        JsonNode payload = called();
        Channel in = http.channel(payload, "request_body");
        Channel out = http.channel(payload, "response");
        out.claimWriter(() -> {});

        // Far less than all of it: the rest waits at the client, and what the kernels take.
        await().during(java.time.Duration.ofMillis(200)).until(() -> published.get() < sent.length);

        AtomicLong got = new AtomicLong();
        in.claimReader(() -> drain(in, got));
        drain(in, got);
        await().until(in::isEnded);
        assertThat(got.get()).isEqualTo(sent.length);
        out.write(bytes("thanks"));
        out.end();
        assertThat(OpenHttp.text(asked.join())).isEqualTo("200 thanks");
    }

    @Test
    void aClientThatDoesNotReadHoldsTheWriterBackAndNobodyElse() throws Exception {
        streaming();
        http.returns("g", "{\"body\":1}");
        http.route("g", "{\"api_path\":\"/other\"}");
        try (RawHttp client = RawHttp.narrow(http.port())) {
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
            Channel channel = http.channel(called(), "response");
            AtomicInteger written = new AtomicInteger();
            Runnable go = () -> {
                while (written.incrementAndGet() < 10_000 && channel.write(Item.binary(new byte[64 << 10]))) {}
            };
            channel.claimWriter(go);
            go.run();
            await().during(java.time.Duration.ofMillis(100)).until(() -> written.get() < 1_000);
            assertThat(http.get("/other")).isEqualTo("200 1");
        }
        await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
    }

    @Test
    void aClientThatTakesNothingForTooLongIsCutOff() throws Exception {
        streaming();
        try (RawHttp client = RawHttp.narrow(http.port())) {
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
            Channel channel = http.channel(called(), "response");
            Runnable go = () -> {
                while (!channel.isAbandoned() && channel.write(Item.binary(new byte[64 << 10]))) {}
            };
            channel.claimWriter(go);
            go.run();
            await().until(channel::isAbandoned);
        }
        assertThat(http.events.stalled.get()).isEqualTo(1);
        await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
    }

    @Test
    void anAnswerThatIsLongerOrShorterThanItSaidIsCutOff() throws Exception {
        streaming();
        for (String body : List.of("ab", "abcde")) {
            try (RawHttp client = RawHttp.connect(http.port())) {
                client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
                Channel channel = writer();
                channel.write(text("{\"type\":\"set_headers\",\"headers\":{\"content-length\":\"3\"}}"));
                channel.write(bytes(body));
                channel.end();
                assertThat(client.rest()).doesNotContain("abcd");
            }
        }
        await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
    }

    @Test
    void aClientThatGoesAwayIsNoticedWhileNothingIsWrittenAndNothingIsLeft() throws Exception {
        streaming();
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
            Channel channel = writer();
            channel.write(bytes("first"));
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            client.goAway();
            await().until(channel::isAbandoned);
        }
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
            Channel channel = writer();
            client.goAway();
            await().until(channel::isAbandoned);
        }
        try (RawHttp client = RawHttp.connect(http.port())) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            Channel in = http.channel(called(), "request_body");
            in.claimReader(() -> {});
            await().until(() -> in.poll() != null);
            client.goAway();
            await().until(in::isEnded);
        }
        await().until(() -> http.channels.size() == 0 && http.events.open.get() == 0);
    }

    private static InputStream counted(byte[] sent, AtomicLong published) {
        return new java.io.ByteArrayInputStream(sent) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                int count = super.read(into, offset, length);
                published.addAndGet(Math.max(0, count));
                return count;
            }
        };
    }

    private static void drain(Channel channel, AtomicLong got) {
        for (Item item = channel.poll(); item != null; item = channel.poll()) {
            got.addAndGet(item.sizeBytes());
        }
    }

    private static Item text(String text) {
        return Item.text(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Item bytes(String text) {
        return Item.binary(text.getBytes(StandardCharsets.UTF_8));
    }
}
