package io.millrace.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.Feeds;
import io.millrace.web.listen.Bind;
import io.millrace.web.listen.PortTakenException;
import io.millrace.web.stream.StreamGatewayConfig.Limits;
import io.millrace.web.stream.StreamGatewayConfig.Liveness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamGatewayTest {
    private static final Bind ANY_PORT = new Bind("127.0.0.1", 0, "MILLRACE_STREAM_PORT");
    private static final Group TODOS = new Group("todo", "all");

    private static final Liveness BRIEF =
            new Liveness(Duration.ofSeconds(30), 2, Duration.ofSeconds(30), Duration.ofMillis(200));

    private final MemoryStreams streams = new MemoryStreams();
    private final Feeds feeds = streams.feeds();
    private final CountingEvents events = new CountingEvents();
    private final List<AutoCloseable> open = new ArrayList<>();

    private StreamGateway gateway(Limits limits, Liveness liveness, List<String> origins) {
        StreamGateway gateway =
                StreamGateway.open(new StreamGatewayConfig(ANY_PORT, 2, limits, liveness, origins), feeds, events);
        open.add(gateway);
        return gateway;
    }

    private StreamGateway gateway() {
        return gateway(Limits.defaults(), Liveness.defaults(), List.of());
    }

    private RawClient connect(StreamGateway gateway, String path) throws IOException {
        RawClient client = RawClient.connect(gateway.port(), path);
        open.add(client);
        return client;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        feeds.close();
        streams.close();
    }

    private static String join(String id, Group group, String more) {
        return "{\"type\":\"join\",\"data\":{\"subscriptionId\":\"" + id + "\",\"streamName\":\"" + group.streamName()
                + "\",\"groupId\":\"" + group.groupId() + "\"" + more + "}}";
    }

    private static String leave(String id, Group group) {
        return join(id, group, "").replace("\"join\"", "\"leave\"");
    }

    /** The kind and the data of a frame. */
    private static String said(String frame) {
        var event = Json.ofText(frame).tree().path("event");
        var inner = event.path("event");
        return inner.isObject()
                ? "event " + inner.path("type").asString()
                : event.path("type").asString() + " " + event.path("data");
    }

    @Test
    void aJoinIsAnsweredWithTheSnapshotAndThenWithEveryChange() throws IOException {
        RawClient client = connect(gateway(), "/");
        streams.set(TODOS, "a", "{\"id\":\"a\"}");
        client.text(join("1", TODOS, ""));
        String sync = client.nextText();
        assertThat(sync).contains("\"streamName\":\"todo\",\"groupId\":\"all\",\"id\":null");
        assertThat(said(sync)).isEqualTo("sync [{\"id\":\"a\"}]");
        streams.set(TODOS, "b", "1.0");
        streams.delete(TODOS, "a");
        streams.send(TODOS, null, "ring");
        assertThat(said(client.nextText())).isEqualTo("create 1.0");
        assertThat(said(client.nextText())).isEqualTo("delete {\"id\":\"a\"}");
        assertThat(said(client.nextText())).isEqualTo("event ring");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/stream/todo/all", "/stream/todo/all/", "/stream/%74odo/all?token=1", "/stream/todo/al%6C"})
    void aPathJoinsByItself(String path) throws IOException {
        streams.set(TODOS, "a", "1");
        RawClient client = connect(gateway(), path);
        assertThat(said(client.nextText())).isEqualTo("sync [1]");
        client.text(join("more", new Group("todo", "others"), ""));
        assertThat(said(client.nextText())).isEqualTo("sync []");
    }

    @Test
    void aPathMayNameAnItem() throws IOException {
        Group odd = new Group("a;b", "c/d");
        streams.set(odd, "\u00fc ", "1");
        streams.set(odd, "x", "2");
        RawClient client = connect(gateway(), "/stream/a;b/c%2Fd/%C3%BC%20");
        assertThat(said(client.nextText())).isEqualTo("sync 1");
        streams.set(odd, "x", "3");
        streams.set(odd, "\u00fc ", "4");
        assertThat(said(client.nextText())).isEqualTo("update 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/stream", "/streams", "/stream/", "/streams/", "/?a=b"})
    void someBarePathsWaitForMessages(String path) throws IOException {
        RawClient client = connect(gateway(), path);
        client.text(join("1", TODOS, ""));
        assertThat(said(client.nextText())).isEqualTo("sync []");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/else", "/stream/todo", "/stream/a/b/c/d", "/stream//all", "/stream/%ff/b", "/ws"})
    void otherPathsAreNotFound(String path) throws IOException {
        assertThat(connect(gateway(), path).status()).isEqualTo("HTTP/1.1 404 Not Found");
    }

    @Test
    void garbageIsIgnored() throws IOException {
        RawClient client = connect(gateway(), "/");
        for (String garbage : List.of(
                "",
                "  ",
                "{",
                "[]",
                "null",
                "{\"type\":\"join\"}",
                "{\"type\":\"join\",\"data\":{\"streamName\":\"todo\"}}",
                join("1", TODOS, ",\"id\":7"),
                join("x".repeat(2_000), TODOS, ""),
                "{\"type\":\"join\",\"data\":{\"subscriptionId\":\"1\",\"streamName\":\"\\ud800\",\"groupId\":\"b\"}}",
                "[".repeat(10_000),
                join("1", TODOS, "").replace("join", "dance"))) {
            client.text(garbage);
        }
        client.frame(0x82, new byte[] {1, 2, 3});
        client.text(join("1", TODOS, ",\"extra\":[{}],\"id\":null"));
        assertThat(said(client.nextText())).isEqualTo("sync []");
        assertThat(events.joined).hasValue(1);
    }

    @Test
    void aBinaryJoinCountsToo() throws IOException {
        RawClient client = connect(gateway(), "/");
        client.frame(0x82, join("1", TODOS, "").getBytes(StandardCharsets.UTF_8));
        assertThat(said(client.nextText())).isEqualTo("sync []");
    }

    @Test
    void anItemSubscriptionGetsItsItemAndItsEvents() throws IOException {
        RawClient client = connect(gateway(), "/");
        client.text(join("1", TODOS, ",\"id\":\"a\""));
        assertThat(said(client.nextText())).isEqualTo("sync null");
        streams.set(TODOS, "b", "1");
        streams.send(TODOS, null, "for the group");
        streams.send(TODOS, "b", "for another");
        streams.send(TODOS, "a", "for it");
        streams.set(TODOS, "a", "2");
        assertThat(said(client.nextText())).isEqualTo("event for it");
        assertThat(said(client.nextText())).isEqualTo("create 2");
    }

    @Test
    void nothingComesAfterALeave() throws IOException {
        RawClient client = connect(gateway(), "/");
        client.text(join("1", TODOS, ""));
        client.nextText();
        client.text(leave("unknown", TODOS));
        client.text(leave("1", TODOS));
        client.text(join("2", new Group("todo", "others"), ""));
        client.nextText();
        streams.set(TODOS, "a", "1");
        streams.set(new Group("todo", "others"), "a", "2");
        assertThat(said(client.nextText())).isEqualTo("create 2");
    }

    @Test
    void aJoinUnderAKnownIdReplacesTheSubscription() throws IOException {
        RawClient client = connect(gateway(), "/");
        client.text(join("1", TODOS, ""));
        client.nextText();
        client.text(join("1", new Group("todo", "others"), ""));
        client.nextText();
        streams.set(TODOS, "a", "1");
        streams.set(new Group("todo", "others"), "a", "2");
        assertThat(said(client.nextText())).isEqualTo("create 2");
    }

    @Test
    void aSocketThatEndsLeavesEverything() throws IOException {
        StreamGateway gateway = gateway();
        RawClient client = connect(gateway, "/stream/todo/all");
        client.nextText();
        client.text(join("1", TODOS, ",\"id\":\"a\""));
        client.nextText();
        assertThat(gateway.sockets()).isEqualTo(1);
        client.close();
        await().until(() -> gateway.sockets() == 0);
        assertThat(events.opened).hasValue(1);
        assertThat(events.closed).hasValue(1);
        streams.set(TODOS, "a", "1");
    }

    @Test
    void aPingIsAnsweredWithItsPayload() throws IOException {
        RawClient client = connect(gateway(), "/");
        client.frame(0x89, "hello".getBytes(StandardCharsets.UTF_8));
        assertThat(client.next()).isEqualTo("pong hello");
    }

    @Test
    void aCloseIsAnsweredAndEndsTheConnection() throws IOException {
        StreamGateway gateway = gateway();
        RawClient client = connect(gateway, "/");
        client.frame(0x88, new byte[] {0x0f, (byte) 0xa0});
        assertThat(client.next()).isEqualTo("close 4000 ");
        assertThat(client.next()).isEqualTo("gone");
        await().until(() -> gateway.sockets() == 0);
    }

    @Test
    void whoBreaksTheProtocolIsToldWhy() throws IOException {
        StreamGateway gateway = gateway();
        RawClient client = connect(gateway, "/stream/todo/all");
        client.nextText();
        client.raw(new byte[] {(byte) 0x81, 0x01, 'x'});
        assertThat(client.next()).isEqualTo("close 1002 unmasked frame");
        client.raw(new byte[] {1, 2, 3});
        client.close();
        await().until(() -> gateway.sockets() == 0);
        assertThat(events.violations).hasValue(1);
    }

    @Test
    void aMessageOverTheLimitIsRefused() throws IOException {
        RawClient client = connect(gateway(), "/");
        client.text("x".repeat((64 << 10) + 1));
        assertThat(client.next()).isEqualTo("close 1009 message of more than 65536 bytes");
    }

    @Test
    void aSocketMayHaveSoManySubscriptionsOnly() throws IOException {
        Limits few = new Limits(1 << 10, 10, 3, 100, 1 << 20, 1 << 20);
        RawClient client = connect(gateway(few, BRIEF, List.of()), "/");
        for (int i = 0; i < 4; i++) {
            client.text(join("s" + i, TODOS, ""));
        }
        assertThat(client.last()).isEqualTo("close 1008 more than 3 subscriptions");
    }

    @Test
    void beyondSoManySocketsTheHandshakeIsRefused() throws IOException {
        Limits few = new Limits(1 << 10, 1, 3, 100, 1 << 20, 1 << 20);
        StreamGateway gateway = gateway(few, Liveness.defaults(), List.of());
        RawClient first = connect(gateway, "/stream/todo/all");
        first.nextText();
        RawClient second = connect(gateway, "/");
        assertThat(second.status()).startsWith("HTTP/1.1 503");
        assertThat(second.head).contains("Retry-After: 1");
        first.close();
        await().until(() -> gateway.sockets() == 0);
        assertThat(connect(gateway, "/").status()).startsWith("HTTP/1.1 101");
    }

    @ParameterizedTest
    @CsvSource({"https://evil.example, 403", "https://app.example, 101", ", 101"})
    void onlyAllowedOriginsMayConnect(String origin, int status) throws IOException {
        StreamGateway gateway = gateway(Limits.defaults(), Liveness.defaults(), List.of("https://app.example"));
        String header = origin == null ? "" : "Origin: " + origin + "\r\n";
        RawClient client = RawClient.connect(gateway.port(), "/", header);
        open.add(client);
        assertThat(client.status()).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void theFirstOfferedProtocolIsEchoed() throws IOException {
        StreamGateway gateway = gateway();
        RawClient client = RawClient.connect(gateway.port(), "/", "Sec-WebSocket-Protocol: Authorization, token\r\n");
        open.add(client);
        assertThat(client.head)
                .contains(
                        "Sec-WebSocket-Protocol: Authorization", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(connect(gateway, "/").head).noneMatch(line -> line.startsWith("Sec-WebSocket-Protocol"));
    }

    @ParameterizedTest
    @CsvSource({"/, 426", "/stream/todo/all, 426", "/else, 404"})
    void aPlainRequestIsToldWhatToDo(String path, int status) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway().port() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).isNotBlank();
        }
    }

    @Test
    void aSlowReaderIsClosedAndDelaysNobody() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, 64 << 10, 64 << 20);
        StreamGateway gateway = gateway(tight, BRIEF, List.of());
        RawClient slow = RawClient.narrow(gateway.port(), "/stream/todo/all");
        open.add(slow);
        slow.nextText();
        RawClient quick = connect(gateway, "/stream/todo/all");
        quick.nextText();
        String large = "\"" + "x".repeat(8 << 10) + "\"";
        int written = 0;
        while (events.slowReaders.get() == 0) {
            streams.set(TODOS, "a", large);
            written++;
            assertThat(quick.nextText()).contains("\"event\":{\"type\":");
        }
        streams.set(TODOS, "last", "1");
        assertThat(said(quick.nextText())).isEqualTo("create 1");
        assertThat(written).isGreaterThan(8);
        assertThat(slow.last()).isEqualTo("close 1013 slow reader");
        assertThat(events.slowReaders).hasValue(1);
    }

    private void fill(int items, int bytes) {
        for (int i = 0; i < items; i++) {
            streams.set(TODOS, "item" + i, "\"" + "x".repeat(bytes) + "\"");
        }
    }

    @Test
    void aSnapshotMayBeLargerThanTheQueueAndLiveFramesMayWaitBehindIt() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, 64 << 10, 64 << 20);
        StreamGateway gateway = gateway(tight, BRIEF, List.of());
        fill(100, 50_000);
        RawClient client = RawClient.narrow(gateway.port(), "/stream/todo/all");
        open.add(client);
        await().until(() -> events.synced.get() == 1);
        for (int i = 0; i < 100; i++) {
            streams.set(TODOS, "last", Integer.toString(i));
        }
        assertThat(client.nextText()).hasSizeGreaterThan(5_000_000);
        for (int i = 0; i < 100; i++) {
            assertThat(said(client.nextText())).endsWith(" " + i);
        }
    }

    @Test
    void whenTooMuchWaitsInAllAStalledSocketMustGo() throws IOException {
        Limits tight = new Limits(1 << 10, 100, 10, 100, 64 << 10, 1 << 20);
        StreamGateway gateway = gateway(tight, Liveness.defaults(), List.of());
        fill(100, 50_000);
        RawClient slow = RawClient.narrow(gateway.port(), "/stream/todo/all");
        open.add(slow);
        await().until(() -> events.synced.get() == 1);
        RawClient quick = connect(gateway, "/");
        quick.text(join("1", TODOS, ",\"id\":\"last\""));
        quick.nextText();
        streams.set(TODOS, "last", "1");
        assertThat(said(quick.nextText())).isEqualTo("create 1");
        await().until(() -> events.slowReaders.get() == 1);
        assertThat(slow.nextText()).hasSizeGreaterThan(5_000_000);
        assertThat(slow.next()).isEqualTo("close 1013 slow reader");
    }

    @Test
    void aConnectionThatBreaksAmidDeliveriesHarmsNobody() throws IOException {
        StreamGateway gateway = gateway();
        RawClient steady = connect(gateway, "/stream/todo/all");
        steady.nextText();
        for (int i = 0; i < 20; i++) {
            RawClient broken = connect(gateway, "/stream/todo/all");
            broken.nextText();
            broken.reset();
            streams.set(TODOS, "a", Integer.toString(i));
            assertThat(said(steady.nextText())).endsWith(" " + i);
        }
        await().until(() -> gateway.sockets() == 1);
    }

    @Test
    void manyJoinsAtOnceAreServedInTurn() throws IOException {
        RawClient client = connect(gateway(), "/");
        for (int i = 0; i < 200; i++) {
            client.text(join("s" + i, new Group("todo", "g" + i), ""));
        }
        client.text(leave("s199", TODOS));
        client.text(join("end", new Group("todo", "end"), ""));
        List<String> groups = new ArrayList<>();
        while (!groups.contains("end")) {
            groups.add(Json.ofText(client.nextText()).tree().path("groupId").asString());
        }
        assertThat(groups).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(185);
        assertThat(events.joined).hasValue(201);
    }

    @Test
    void aPeerThatNeverAnswersIsTakenForDead() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(50), 2, Duration.ofSeconds(30), Duration.ofSeconds(1));
        StreamGateway gateway = gateway(Limits.defaults(), quick, List.of());
        RawClient client = connect(gateway, "/stream/todo/all");
        client.nextText();
        assertThat(client.last()).isEqualTo("ping ");
        await().until(() -> gateway.sockets() == 0);
        assertThat(events.unresponsive).hasValue(1);
    }

    @Test
    void aPeerThatAnswersPingsLives() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(20), 1, Duration.ofSeconds(30), Duration.ofSeconds(1));
        RawClient client = connect(gateway(Limits.defaults(), quick, List.of()), "/");
        for (int i = 0; i < 10; i++) {
            assertThat(client.next()).isEqualTo("ping ");
            client.frame(0x8a, new byte[0]);
        }
        assertThat(events.unresponsive).hasValue(0);
    }

    @Test
    void aPeerThatTakesNothingIsTakenForDead() throws IOException {
        Liveness quick = new Liveness(Duration.ofMillis(50), 100, Duration.ofMillis(100), Duration.ofSeconds(1));
        StreamGateway gateway = gateway(Limits.defaults(), quick, List.of());
        for (int i = 0; i < 200; i++) {
            streams.set(TODOS, "item" + i, "\"" + "x".repeat(50_000) + "\"");
        }
        RawClient client = RawClient.narrow(gateway.port(), "/stream/todo/all");
        open.add(client);
        await().until(() -> gateway.sockets() == 1);
        await().until(() -> gateway.sockets() == 0);
        assertThat(events.unresponsive).hasValue(1);
    }

    @Test
    void aGatewayThatClosesSaysSo() throws Exception {
        StreamGateway gateway = gateway(Limits.defaults(), BRIEF, List.of());
        RawClient polite = connect(gateway, "/stream/todo/all");
        polite.nextText();
        RawClient rude = connect(gateway, "/");
        await().until(() -> gateway.sockets() == 2);
        Thread closing = Thread.startVirtualThread(gateway::close);
        assertThat(polite.next()).isEqualTo("close 1001 going away");
        polite.frame(0x88, new byte[] {0x03, (byte) 0xe9});
        assertThat(polite.next()).isEqualTo("gone");
        assertThat(rude.last()).isEqualTo("close 1001 going away");
        closing.join();
        assertThat(gateway.sockets()).isZero();
    }

    @Test
    void aTakenPortIsNamedWithTheSettingToChange() {
        StreamGateway first = gateway();
        Bind taken = new Bind("127.0.0.1", first.port(), "MILLRACE_STREAM_PORT");
        assertThatThrownBy(() -> StreamGateway.open(StreamGatewayConfig.on(taken), feeds, events))
                .isInstanceOf(PortTakenException.class)
                .hasMessageMatching("port " + first.port()
                        + " is taken \\(127.0.0.1: .*\\): stop the other program or set MILLRACE_STREAM_PORT");
    }
}
