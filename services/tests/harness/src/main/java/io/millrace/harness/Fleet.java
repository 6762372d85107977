package io.millrace.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Nodes that share one Kafka cluster, each a process of its own, perhaps behind a network of its own. */
public final class Fleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String SECRET = "known to this test only";

    private final List<NodeProcess> nodes;

    private Fleet(List<NodeProcess> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** Starts nodes {@code node-1} and so on, and returns when all are ready. */
    public static Fleet start(
            int count, BrokerCluster brokers, Network network, Path folder, Map<String, String> settings) {
        return start(count, brokers, network, folder, settings, List.of());
    }

    /**
     * Starts nodes {@code node-1} and so on, and returns when all are ready.
     *
     * @param settings of each, beside those that a fleet needs, or in their place
     * @param ahead folders and jars whose classes they have instead of their own of the same name
     */
    public static Fleet start(
            int count,
            BrokerCluster brokers,
            Network network,
            Path folder,
            Map<String, String> settings,
            List<Path> ahead) {
        List<NodeProcess> started = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Map<String, String> all = new HashMap<>();
            all.put("MILLRACE_NODE_ID", "node-" + i);
            all.put("MILLRACE_KAFKA_BOOTSTRAP", brokers.bootstrap());
            all.put("MILLRACE_KAFKA_REPLICATION", Integer.toString(Math.min(BrokerCluster.COPIES, brokers.size())));
            all.put("MILLRACE_PEERS_SECRET", SECRET);
            all.putAll(settings);
            Host host = network.host("node" + i);
            started.add(NodeProcess.at(host, created(folder.resolve("node-" + i)), ahead, all));
        }
        Fleet fleet = new Fleet(started);
        try {
            fleet.awaitReady();
            return fleet;
        } catch (RuntimeException | Error e) {
            fleet.close();
            throw e;
        }
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All, dead or alive. */
    public List<NodeProcess> nodes() {
        return nodes;
    }

    /** One of them, from 0. */
    public NodeProcess node(int index) {
        return nodes.get(index);
    }

    /** Waits until each serves all it has. */
    public void awaitReady() {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> nodes.stream().allMatch(NodeProcess::isWhole));
    }

    /** Waits until a call of a function succeeds at this node. */
    public static JsonNode awaitResult(NodeProcess node, String function, String payload) {
        List<JsonNode> result = new ArrayList<>();
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(() -> {
                    result.add(node.result(function, payload));
                    return true;
                });
        return result.getLast();
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
