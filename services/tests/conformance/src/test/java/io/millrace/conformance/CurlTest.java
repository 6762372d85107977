package io.millrace.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.Curl;
import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream of events at a shell: {@code curl -N}, and again with what it showed last as {@code Last-Event-ID}. */
class CurlTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private NodeProcess node;

    @BeforeEach
    void startNode() {
        Curl.require();
        node = NodeProcess.embedded(folder, FreePorts.one(), Map.of("gateway.ping-interval", "1s"));
        node.awaitReady();
    }

    @AfterEach
    void stopNode() {
        if (node != null) {
            node.close();
        }
    }

    private Curl follow(String... headers) {
        return Curl.follow(
                URI.create(node.gateway("/stream/curl/all").toString().replaceFirst("ws", "http")), headers);
    }

    private void set(int from, int to) throws Exception {
        for (int n = from; n <= to; n++) {
            node.result(
                    "stream::set",
                    "{\"stream_name\":\"curl\",\"group_id\":\"all\",\"item_id\":\"i\",\"data\":" + n + "}");
        }
    }

    /** Checks the next frame that is shown, and gives its id. */
    private static String expect(Curl curl, String type, String json) throws InterruptedException {
        Map<String, String> event = curl.next(PATIENCE);
        while (event != null && !event.containsKey("data")) {
            event = curl.next(PATIENCE);
        }
        if (event == null) {
            throw new AssertionError("the stream has ended (expected: " + type + " " + json + ")");
        }
        String data = event.getOrDefault("data", "");
        assertThat(NodeProcess.JSON.readTree(data).path("event"))
                .hasToString("{\"type\":\"" + type + "\",\"data\":" + json + "}");
        return event.getOrDefault("id", "");
    }

    @Test
    void whatHappenedMeanwhileIsShownOnceThoughTheNodeWasKilled() throws Exception {
        String last;
        try (Curl curl = follow()) {
            expect(curl, "sync", "[]");
            set(1, 3);
            expect(curl, "create", "1");
            last = expect(curl, "update", "2");
        }
        set(4, 5);
        node.killAndRestart();
        node.awaitReady();
        set(6, 6);
        try (Curl again = follow("Last-Event-ID: " + last)) {
            for (int n = 3; n <= 6; n++) {
                last = expect(again, "update", Integer.toString(n));
            }
            set(7, 7);
            last = expect(again, "update", "7");
            // And once more, with nobody there when it dies.
            node.killAndRestart();
        }
        node.awaitReady();
        set(8, 8);
        try (Curl third = follow("Last-Event-ID: " + last)) {
            expect(third, "update", "8");
        }
    }

    @Test
    void aNodeThatStopsEndsTheStreamInGoodOrder() throws Exception {
        try (Curl curl = follow()) {
            expect(curl, "sync", "[]");
            node.terminate();
            Map<String, String> event = curl.next(PATIENCE);
            while (event != null) {
                assertThat(event).doesNotContainKey("data");
                event = curl.next(PATIENCE);
            }
            assertThat(curl.exitCode()).isZero();
        }
    }
}
