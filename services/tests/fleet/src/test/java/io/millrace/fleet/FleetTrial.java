package io.millrace.fleet;

import static org.awaitility.Awaitility.await;

import io.millrace.harness.BrokerCluster;
import io.millrace.harness.FaultPlan;
import io.millrace.harness.Fleet;
import io.millrace.harness.LiveView;
import io.millrace.harness.Nemesis;
import io.millrace.harness.Network;
import io.millrace.harness.NodeProcess;
import io.millrace.testkit.linear.Linearizability;
import io.millrace.testkit.linear.Operation;
import io.millrace.testkit.linear.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/** Three brokers and some nodes, and what is wrong after something bad happened to them while clients were at every node. */
final class FleetTrial implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Network network = Network.open();
    private final Path folder;
    private final BrokerCluster brokers;
    private final Fleet fleet;

    /**
     * Starts them.
     *
     * @param ahead classes that the nodes have instead of their own
     */
    FleetTrial(int nodes, Path folder, List<Path> ahead) {
        this.folder = folder;
        this.brokers = BrokerCluster.start(3, network, folder, Map.of());
        this.fleet = Fleet.start(nodes, brokers, network, folder, Map.of(), ahead);
    }

    /** A plan for them. */
    FaultPlan plan(long seed, Duration length) {
        return FaultPlan.drawn(seed, fleet.nodes().size(), brokers.size(), length, network.canBeCut());
    }

    /**
     * Lets clients work while it is carried out.
     *
     * @param name of the scopes and the group that they use: another one each time
     * @return what is wrong afterwards; hopefully nothing
     */
    List<String> problems(String name, FaultPlan plan) throws Exception {
        List<NodeProcess> nodes = fleet.nodes();
        String path = "/stream/" + Place.STREAM + "/" + name;
        try (Traffic traffic = new Traffic(nodes, name, plan.seed());
                TriggerWitness witness = new TriggerWitness(nodes, "told-" + name).awaitFollowing(nodes.getFirst());
                NumberedChanges changes = new NumberedChanges(nodes, "told-" + name);
                LiveView beginning = LiveView.beginning(new Rotation(nodes, 0, path)::nextGateway);
                LiveView resuming = LiveView.resuming(new Rotation(nodes, 1, path)::nextGateway)) {
            new Nemesis(fleet, brokers, network).run(plan);
            changes.end();
            traffic.end();
            System.out.println(traffic.summary() + "; changes for a trigger " + changes.written() + ", told "
                    + witness.calls() + " times; " + beginning.syncs() + " and " + resuming.syncs() + " snapshots");

            List<String> problems = new ArrayList<>(traffic.surprises());
            checkAnswers(traffic, problems);
            Map<String, JsonNode> items = checkLogs(name, traffic, problems);
            checkView("a view that begins anew", beginning, items, problems);
            checkView("a view that resumes", resuming, items, problems);
            fleet.nodes()
                    .forEach(node ->
                            bugs(node).forEach(line -> problems.add(node.host().name() + " says: " + line)));
            if (!comesTrue(() -> witness.distinct().equals(changes.written()))) {
                problems.add("a trigger was told " + witness.distinct() + " (expected: " + changes.written() + ")");
            }
            if (!problems.isEmpty()) {
                keep(name, traffic, problems);
            }
            return problems;
        }
    }

    /** Whatever happens outside a node, it has no reason to call it a bug of its own. */
    private static List<String> bugs(NodeProcess node) {
        return node.output().lines().filter(line -> line.contains(" bug")).toList();
    }

    /** For those who have to find out why. */
    private void keep(String name, Traffic traffic, List<String> problems) throws IOException {
        Path file = folder.resolve("history-" + name + ".txt");
        List<String> lines = new ArrayList<>(problems);
        traffic.history().operations().stream()
                .sorted(Comparator.comparing(Operation::key).thenComparingLong(Operation::invokedNs))
                .forEach(operation -> lines.add(operation.toString()));
        Files.write(file, lines);
        System.out.println(problems.size() + " problems, and the history: " + file);
    }

    private static void checkAnswers(Traffic traffic, List<String> problems) {
        Verdict verdict = Linearizability.check(traffic.history().operations());
        System.out.println(verdict);
        switch (verdict) {
            case Verdict.Linearizable ignored -> {}
            case Verdict.Violated violated -> problems.add(violated.explanation());
            case Verdict.Undecided undecided -> problems.add(undecided.toString());
        }
    }

    /** Holds both change topics against what clients were told, and what each node lists against the topics. */
    private Map<String, JsonNode> checkLogs(String name, Traffic traffic, List<String> problems) {
        FoldedLog state = FoldedLog.read(brokers.bootstrap(), "millrace.state.changes");
        FoldedLog stream = FoldedLog.read(brokers.bootstrap(), "millrace.stream.changes");
        problems.addAll(state.broken());
        problems.addAll(stream.broken());
        traffic.acknowledged().stream()
                .filter(id -> !state.mutationIds().contains(id)
                        && !stream.mutationIds().contains(id))
                .forEach(id -> problems.add("mutation " + id + " was acknowledged and is in no change topic"));
        Map<String, JsonNode> items = items(stream, name);
        for (NodeProcess node : fleet.nodes()) {
            same(node.host().name() + " lists", listed(node, state.values()), state.values(), problems);
            Map<String, JsonNode> told = new TreeMap<>();
            Fleet.awaitResult(
                            node,
                            "stream::list",
                            "{\"stream_name\":\"" + Place.STREAM + "\",\"group_id\":\"" + name + "\"}")
                    .forEach(item -> told.put(item.path("id").asString(), item));
            same(node.host().name() + " lists", told, items, problems);
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

    private static Map<String, JsonNode> items(FoldedLog stream, String group) {
        Map<String, JsonNode> items = new TreeMap<>();
        stream.values().forEach((key, value) -> {
            if (NodeProcess.JSON.readTree(key).path("group_id").asString().equals(group)) {
                items.put(value.path("id").asString(), value);
            }
        });
        return items;
    }

    private static void checkView(String what, LiveView view, Map<String, JsonNode> items, List<String> problems) {
        if (!comesTrue(() -> view.values().equals(items))) {
            same(what + " shows", view.values(), items, problems);
        }
        if (view.broken() != null) {
            problems.add(what + " got a " + view.broken());
        }
    }

    private static void same(
            String what, Map<String, JsonNode> actual, Map<String, JsonNode> expected, List<String> problems) {
        Map<String, JsonNode> wrong = new TreeMap<>(actual);
        wrong.entrySet().removeAll(expected.entrySet());
        Map<String, JsonNode> missing = new TreeMap<>(expected);
        missing.entrySet().removeAll(actual.entrySet());
        if (!wrong.isEmpty() || !missing.isEmpty()) {
            problems.add(what + " " + wrong + " (expected: " + missing + ")");
        }
    }

    private static boolean comesTrue(BooleanSupplier condition) {
        try {
            await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL).until(condition::getAsBoolean);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        fleet.close();
        brokers.close();
        network.close();
    }
}
