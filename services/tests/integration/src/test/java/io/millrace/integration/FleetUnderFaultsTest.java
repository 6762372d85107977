package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.BrokerCluster;
import io.millrace.harness.FaultPlan;
import io.millrace.harness.Fleet;
import io.millrace.harness.Nemesis;
import io.millrace.harness.Network;
import io.millrace.harness.NodeProcess;
import io.millrace.testkit.linear.Linearizability;
import io.millrace.testkit.linear.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Three brokers and three nodes, to which something bad happens all the time, and clients of every kind at every node.
 * {@code -Dfleet.minutes=10} makes it long, {@code -Dfleet.seed} chooses what happens.
 */
class FleetUnderFaultsTest {
    private static final long SEED = Long.getLong("fleet.seed", 5);
    private static final Duration LENGTH = Integer.getInteger("fleet.minutes", 0) == 0
            ? Duration.ofSeconds(60)
            : Duration.ofMinutes(Integer.getInteger("fleet.minutes", 0));
    private static final int NODES = Integer.getInteger("fleet.nodes", 3);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOLD = "told";

    @TempDir
    private Path folder;

    @Test
    void nothingIsLostOrDoneTwiceOrSeenOutOfOrderWhateverHappensToNodesBrokersAndTheirNetwork() throws Exception {
        try (Network network = Network.open();
                BrokerCluster brokers = BrokerCluster.start(3, network, folder, Map.of());
                Fleet fleet = Fleet.start(NODES, brokers, network, folder, Map.of())) {
            FaultPlan plan = FaultPlan.drawn(SEED, NODES, brokers.size(), LENGTH, network.canBeCut());
            List<NodeProcess> nodes = fleet.nodes();
            try (Traffic traffic = new Traffic(nodes, SEED);
                    TriggerWitness witness = new TriggerWitness(nodes, TOLD);
                    NumberedChanges changes = new NumberedChanges(nodes, TOLD);
                    LiveView beginning = LiveView.beginning(views(nodes, 0)::nextGateway);
                    LiveView resuming = LiveView.resuming(views(nodes, 1)::nextGateway)) {
                new Nemesis(fleet, brokers, network).run(plan);
                changes.end();
                traffic.end();

                System.out.println(traffic.summary() + "; " + changes.total() + " changes for triggers, told "
                        + witness.calls() + " times; " + beginning.syncs() + " snapshots");
                checkAnswers(traffic);
                Map<String, JsonNode> items = checkLogs(brokers.bootstrap(), fleet, traffic);
                for (LiveView view : List.of(beginning, resuming)) {
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(view.values()).isEqualTo(items));
                    assertThat(view.broken()).isNull();
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(witness.distinct()).isEqualTo(changes.total()));
            }
        }
    }

    private static Rotation views(List<NodeProcess> nodes, int first) {
        return new Rotation(nodes, first, "/stream/" + Place.STREAM + "/" + Traffic.GROUP);
    }

    private static void checkAnswers(Traffic traffic) {
        Verdict verdict = Linearizability.check(traffic.history().operations());
        System.out.println(verdict);
        assertThat(verdict).isInstanceOf(Verdict.Linearizable.class);
        assertThat(traffic.surprises()).isEmpty();
    }

    /** Holds both change topics against what clients were told, and what each node lists against the topics. */
    private static Map<String, JsonNode> checkLogs(String bootstrap, Fleet fleet, Traffic traffic) {
        FoldedLog state = FoldedLog.read(bootstrap, "millrace.state.changes");
        FoldedLog stream = FoldedLog.read(bootstrap, "millrace.stream.changes");
        assertThat(state.broken()).isEmpty();
        assertThat(stream.broken()).isEmpty();
        assertThat(traffic.acknowledged())
                .allSatisfy(id -> assertThat(state.mutationIds().contains(id)
                                || stream.mutationIds().contains(id))
                        .as(id)
                        .isTrue());
        Map<String, JsonNode> items = items(stream);
        for (NodeProcess node : fleet.nodes()) {
            assertThat(listed(node, state.values())).as(node.host().name()).isEqualTo(state.values());
            assertThat(ids(Fleet.awaitResult(node, "stream::list", groupPayload())))
                    .as(node.host().name())
                    .isEqualTo(items);
        }
        return items;
    }

    private static Map<String, JsonNode> listed(NodeProcess node, Map<String, JsonNode> expected) {
        Map<String, JsonNode> values = new TreeMap<>();
        expected.keySet().stream()
                .map(key -> NodeProcess.JSON.readTree(key).path("scope").asString())
                .distinct()
                .forEach(scope -> Fleet.awaitResult(node, "state::list", "{\"scope\":\"" + scope + "\",\"keys\":true}")
                        .path("items")
                        .forEach(item -> values.put(
                                "{\"scope\":\"" + scope + "\",\"key\":" + item.path("key") + "}", item.path("value"))));
        return values;
    }

    private static String groupPayload() {
        return "{\"stream_name\":\"" + Place.STREAM + "\",\"group_id\":\"" + Traffic.GROUP + "\"}";
    }

    private static Map<String, JsonNode> items(FoldedLog stream) {
        Map<String, JsonNode> items = new TreeMap<>();
        stream.values().values().forEach(value -> items.put(value.path("id").asString(), value));
        return items;
    }

    private static Map<String, JsonNode> ids(JsonNode list) {
        Map<String, JsonNode> items = new TreeMap<>();
        IntStream.range(0, list.size())
                .forEach(i -> items.put(list.path(i).path("id").asString(), list.path(i)));
        return items;
    }
}
