package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.ChangeTopic;
import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whoever was subscribed leaves, however it ends: with its context, and at least once. */
class KilledSubscribersTest {
    private static final int SOCKETS = 40;
    private static final String STREAM = "room";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final int brokerPort = FreePorts.one();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void needNodeJs() {
        NodeJs.require();
    }

    @AfterEach
    void close() {
        http.shutdownNow();
    }

    private NodeProcess start() {
        return NodeProcess.embedded(
                        folder,
                        brokerPort,
                        Map.of(
                                "gateway.auth-function", "presence::auth",
                                "gateway.ping-interval", "1s",
                                "gateway.idle-timeout", "3s"))
                .awaitReady();
    }

    /** Half of them on the group, half on an item of it. */
    private List<WebSocket> connect(NodeProcess node) {
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < SOCKETS; i++) {
            URI uri = node.gateway("/stream/" + STREAM + "/a" + (i % 2 == 0 ? "" : "/item") + "?user=user-" + i);
            sockets.add(http.newWebSocketBuilder()
                    .buildAsync(uri, new WebSocket.Listener() {})
                    .join());
        }
        return sockets;
    }

    private static JsonNode subscribers(NodeProcess node, String more) throws IOException, InterruptedException {
        return node.result(
                "stream::subscribers", "{\"stream_name\":\"" + STREAM + "\",\"group_id\":\"a\"" + more + "}");
    }

    private static int count(NodeProcess node) throws IOException, InterruptedException {
        return subscribers(node, "").path("count").asInt();
    }

    /** What is told of leaves: what was told of joins. */
    private static void assertAllLeft(PresenceWorker worker) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(new HashSet<>(worker.left())).isEqualTo(new HashSet<>(worker.joined())));
    }

    private Set<String> recorded() {
        Set<String> keys = new HashSet<>();
        ChangeTopic.records("127.0.0.1:" + brokerPort, "millrace.presence", record -> {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                keys.remove(key);
            } else if (!key.endsWith("\"number\":0}")) {
                keys.add(key);
            }
        });
        return keys;
    }

    @Test
    void everyLeaveArrivesWithItsContextAfterTheNodeWasKilled() throws Exception {
        try (NodeProcess node = start();
                PresenceWorker worker = new PresenceWorker(node, STREAM)) {
            connect(node);
            await().atMost(PATIENCE).until(() -> count(node) == SOCKETS);
            assertThat(subscribers(node, ",\"item_id\":\"item\"").path("count").asInt())
                    .isEqualTo(SOCKETS / 2);
            JsonNode first =
                    subscribers(node, ",\"limit\":1").path("subscribers").path(0);
            assertThat(first.path("context").path("user").asString()).startsWith("user-");
            await().atMost(PATIENCE).until(() -> recorded().size() == SOCKETS);
            assertThat(worker.left()).isEmpty();

            node.killAndRestart();
            node.awaitReady();
            assertThat(count(node)).isZero();
            assertAllLeft(worker);
            assertThat(worker.joined()).hasSize(SOCKETS);
            await().atMost(PATIENCE).until(() -> recorded().isEmpty());
        }
    }

    @Test
    void everyLeaveArrivesBeforeTheWorkerIsToldThatTheNodeStops() throws Exception {
        try (NodeProcess node = start();
                PresenceWorker worker = new PresenceWorker(node, STREAM)) {
            connect(node);
            await().atMost(PATIENCE).until(() -> count(node) == SOCKETS);
            assertThat(node.terminate()).isEqualTo(143); // as asked by a signal, in good order
            assertAllLeft(worker);
            node.restart();
            node.awaitReady();
            assertThat(recorded()).isEmpty();
            assertThat(worker.left()).hasSize(SOCKETS);
        }
    }

    @Test
    void aClientThatIsNoLongerThereIsFoundAndLeaves() throws Exception {
        try (NodeProcess node = start();
                PresenceWorker worker = new PresenceWorker(node, STREAM);
                Socket silent = silent(node)) {
            await().atMost(PATIENCE).until(() -> count(node) == 1);
            assertThat(silent.isConnected()).isTrue();
            await().atMost(PATIENCE).until(() -> count(node) == 0);
            assertAllLeft(worker);
            assertThat(worker.left()).hasSize(1);
            assertThat(worker.left().getFirst().path("context").path("user").asString())
                    .isEqualTo("ghost");
        }
    }

    /** A connection whose other end has vanished: it stays open and answers nothing. */
    private static Socket silent(NodeProcess node) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), node.gateway("/").getPort());
        String request = "GET /stream/" + STREAM + "/a?user=ghost HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        assertThat(new String(in.readNBytes(12), StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 101");
        return socket;
    }
}
