package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import io.millrace.harness.NodeScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The JavaScript client: by itself, and on a real node. */
class JsClientTest {
    private static final Path TARGET = Path.of("target/npm/client");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int WRITES = 300;
    private static final int ITEMS = 20;

    @TempDir
    private Path folder;

    private final List<Integer> events = new ArrayList<>();

    @BeforeAll
    static void install() throws IOException {
        NodeJs.require();
        NodeJs.install(Path.of("../../../clients/js"), TARGET);
        Files.write(TARGET.resolve("follow.mjs"), Files.readAllBytes(Path.of("src/test/js/follow.mjs")));
    }

    @Test
    void itsOwnTestsPassAndItsTypesHold() {
        assertThat(NodeJs.run(TARGET, List.of("npm", "test"))).contains("# fail 0");
    }

    @Test
    void itMissesNothingThroughAKilledNodeAndACutConnection() throws Exception {
        try (NodeProcess node = NodeProcess.embedded(folder, FreePorts.one()).awaitReady();
                CuttableLink link = new CuttableLink(node.gateway("/").getPort());
                NodeScript client = NodeScript.start(
                        TARGET, List.of("follow.mjs", link.uri().toString(), "orders", "all"), Map.of())) {
            await().atMost(PATIENCE)
                    .until(() -> report(client).path("state").asString().equals("live"));
            write(node, 0, WRITES / 3);
            node.killAndRestart();
            node.awaitReady();
            write(node, WRITES / 3, 2 * WRITES / 3);
            link.cut();
            write(node, 2 * WRITES / 3, WRITES);
            link.mend();

            Map<String, JsonNode> kept =
                    byId(node.result("stream::list", "{\"stream_name\":\"orders\",\"group_id\":\"all\"}"));
            assertThat(kept).isNotEmpty();
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode report = report(client);
                assertThat(byId(report.path("items"))).isEqualTo(kept);
                assertThat(report.path("events").valueStream().map(JsonNode::asInt))
                        .containsExactlyElementsOf(events);
            });
            JsonNode report = report(client);
            assertThat(report.path("unordered")).as(report.toString()).isEmpty();
            assertThat(report.path("losses").asInt()).isGreaterThanOrEqualTo(2);
            assertThat(report.path("resets").asInt()).as("resets").isZero();
            assertThat(report.path("syncs").asInt()).as("snapshots").isEqualTo(1);
        }
    }

    /** Sets, deletes and sends, in turn, one after the other. */
    private void write(NodeProcess node, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            String item = "item-" + i % ITEMS;
            String address = "\"stream_name\":\"orders\",\"group_id\":\"all\"";
            if (i % 3 == 0) {
                events.add(i);
                node.result("stream::send", "{" + address + ",\"type\":\"count\",\"data\":" + i + "}");
            } else if (i % 7 == 0) {
                node.result("stream::delete", "{" + address + ",\"item_id\":\"" + item + "\"}");
            } else {
                String data = "{\"id\":\"" + item + "\",\"n\":" + i + "}";
                node.result("stream::set", "{" + address + ",\"item_id\":\"" + item + "\",\"data\":" + data + "}");
            }
        }
    }

    private static JsonNode report(NodeScript client) throws IOException, InterruptedException {
        client.tell("report");
        JsonNode report = client.next(PATIENCE);
        if (report == null) {
            throw new IllegalStateException("the client has ended:\n" + client.chatter());
        }
        return report;
    }

    private static Map<String, JsonNode> byId(JsonNode values) {
        Map<String, JsonNode> byId = new TreeMap<>();
        values.forEach(value -> byId.put(value.path("id").asString(), value));
        return byId;
    }
}
