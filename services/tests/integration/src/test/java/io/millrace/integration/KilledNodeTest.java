package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.ChangeTopic;
import io.millrace.harness.FreePorts;
import io.millrace.harness.Increments;
import io.millrace.harness.JavaProcess;
import io.millrace.harness.LiveView;
import io.millrace.harness.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class KilledNodeTest {
    private static final int KILLS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void everySumIsExactThoughTheNodeIsKilledFiveTimes() throws Exception {
        int brokerPort = FreePorts.one();
        String bootstrap = "127.0.0.1:" + brokerPort;
        try (JavaProcess broker = JavaProcess.start(
                        BrokerMain.class,
                        java.util.List.of(folder.resolve("broker").toString(), Integer.toString(brokerPort)),
                        Map.of(),
                        "512m",
                        folder.resolve("broker.log"));
                NodeProcess node = NodeProcess.on(bootstrap, folder)) {
            assertThat(broker.isAlive()).isTrue();
            survive(node, bootstrap, KILLS, 120);
        }
    }

    @Test
    void everySumIsExactThoughTheNodeIsKilledTogetherWithItsBroker() throws Exception {
        int brokerPort = FreePorts.one();
        try (NodeProcess node = NodeProcess.embedded(folder, brokerPort)) {
            survive(node, "localhost:" + brokerPort, 2, 60);
        }
    }

    private static void survive(NodeProcess node, String bootstrap, int kills, int incrementsEach) throws Exception {
        node.awaitReady();
        try (Increments increments = new Increments(node, incrementsEach);
                LiveView one = new LiveView(node.gateway("/stream/counters/all"));
                LiveView other = new LiveView(node.gateway("/stream/counters/all"));
                LiveView resuming = LiveView.resuming(node.gateway("/stream/counters/all"))) {
            for (int kill = 1; kill <= kills; kill++) {
                int mark = increments.total() * kill / (kills + 1);
                await().atMost(PATIENCE).until(() -> increments.acknowledged() >= mark);
                node.killAndRestart();
            }
            increments.awaitEnd();

            assertThat(increments.acknowledged()).isEqualTo(increments.total());
            assertThat(increments.retries()).as("calls that had to be repeated").isPositive();
            check(node, bootstrap, increments);
            Map<String, JsonNode> items =
                    values(node, "stream::list", "{\"stream_name\":\"counters\",\"group_id\":\"all\"}");
            for (LiveView view : Stream.of(one, other, resuming).toList()) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(view.values()).isEqualTo(items));
                assertThat(view.broken()).isNull();
            }
            assertThat(Stream.of(one, other).map(LiveView::syncs)).allMatch(syncs -> syncs > 1);
            // The one that comes back with a cursor had each change, once and in order, after its first snapshot.
            assertThat(resuming.syncs()).isOne();
        }
    }

    private static void check(NodeProcess node, String bootstrap, Increments increments) throws Exception {
        Map<String, JsonNode> values = new TreeMap<>();
        for (int scope = 0; scope < 8; scope += 2) {
            values.putAll(values(node, "state::list", "{\"scope\":\"counters-" + scope + "\"}"));
        }
        values.putAll(values(node, "stream::list", "{\"stream_name\":\"counters\",\"group_id\":\"all\"}"));
        ChangeTopic state = ChangeTopic.read(bootstrap, "millrace.state.changes");
        ChangeTopic stream = ChangeTopic.read(bootstrap, "millrace.stream.changes");
        Map<String, JsonNode> folded = new TreeMap<>();
        state.frames().forEach((key, frame) -> fold(folded, frame.path("new_value")));
        stream.frames().forEach((key, frame) -> fold(folded, frame.path("event").path("data")));

        Map<String, Integer> expected = new TreeMap<>();
        IntStream.range(0, Increments.KEYS).forEach(key -> expected.put(Integer.toString(key), increments.sum(key)));
        Map<String, Integer> sums = new TreeMap<>();
        values.forEach((id, value) -> sums.put(id, value.path("n").asInt()));

        assertThat(sums).isEqualTo(expected);
        assertThat(folded).isEqualTo(values);
        assertThat(state.repeatedMutationIds() + stream.repeatedMutationIds()).isZero();
        assertThat(state.mutations() + stream.mutations()).isEqualTo(increments.total());
    }

    private static void fold(Map<String, JsonNode> folded, JsonNode value) {
        folded.put(value.path("id").asString(), value);
    }

    private static Map<String, JsonNode> values(NodeProcess node, String function, String payload) throws Exception {
        Map<String, JsonNode> values = new TreeMap<>();
        node.result(function, payload).forEach(value -> fold(values, value));
        return values;
    }
}
