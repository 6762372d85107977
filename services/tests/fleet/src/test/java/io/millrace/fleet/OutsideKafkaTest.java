package io.millrace.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.Increments;
import io.millrace.harness.LiveView;
import io.millrace.harness.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A node on a Kafka that is not ours does everything that it does on its own. */
class OutsideKafkaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int INCREMENTS = 20;

    @TempDir
    private static Path kafkaFolder;

    private static OutsideKafka kafka;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = OutsideKafka.start(kafkaFolder);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void everySumIsExactThoughTheNodeIsKilled() throws Exception {
        try (NodeProcess node = NodeProcess.on(kafka.bootstrap(), folder)) {
            node.awaitReady();
            try (Increments increments = new Increments(node, INCREMENTS)) {
                await().atMost(PATIENCE).until(() -> increments.acknowledged() >= increments.total() / 2);
                node.killAndRestart();
                increments.awaitEnd();

                JsonNode items = node.result("stream::list", "{\"stream_name\":\"counters\",\"group_id\":\"all\"}");
                items.forEach(item -> assertThat(item.path("n").asInt())
                        .as(item.toString())
                        .isEqualTo(increments.sum(item.path("id").asInt())));
                int counted = IntStream.range(0, Increments.KEYS)
                        .filter(key -> key % 2 == 1)
                        .map(increments::sum)
                        .sum();
                assertThat(IntStream.range(0, items.size())
                                .map(i -> items.path(i).path("n").asInt())
                                .sum())
                        .isEqualTo(counted);
            }
        }
    }

    @Test
    void whatIsWrittenIsSeenBySubscribersTriggersAndKafkasOwnConsumers() throws Exception {
        try (NodeProcess node = NodeProcess.on(kafka.bootstrap(), folder)) {
            node.awaitReady();
            try (TriggerWitness witness = new TriggerWitness(List.of(node), "outside").awaitFollowing(node);
                    LiveView view = new LiveView(node.gateway("/stream/counters/outside"))) {
                for (int n = 0; n < INCREMENTS; n++) {
                    node.result(
                            "state::set",
                            "{\"scope\":\"outside\",\"key\":\"k\",\"value\":{\"n\":" + n
                                    + "},\"mutation_id\":\"outside-" + n + "\"}");
                    node.result(
                            "stream::update",
                            "{\"stream_name\":\"counters\",\"group_id\":\"outside\",\"item_id\":\"k\",\"ops\":["
                                    + "{\"type\":\"set\",\"path\":\"id\",\"value\":\"k\"},"
                                    + "{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]}");
                }

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(witness.distinct()).containsEntry("k", INCREMENTS));
                await().atMost(PATIENCE).until(() -> count(view) == INCREMENTS);
                assertThat(FoldedLog.read(kafka.bootstrap(), "millrace.state.changes")
                                .broken())
                        .isEmpty();
            }
        }
    }

    private static int count(LiveView view) {
        JsonNode item = view.values().get("k");
        return item == null ? 0 : item.path("n").asInt();
    }
}
