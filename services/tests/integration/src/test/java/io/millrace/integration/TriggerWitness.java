package io.millrace.integration;

import io.millrace.harness.NodeProcess;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A durable state trigger whose function is served by one worker at each node, and what they were told together. The values
 * of each key are numbered from 0.
 */
final class TriggerWitness implements AutoCloseable {
    private static final String FUNCTION = "witness::told";

    private final Map<String, Set<Integer>> told = new TreeMap<>();
    private final List<RawWorker> workers;
    private int calls;

    TriggerWitness(List<NodeProcess> nodes, String scope) {
        List<String> introduction = List.of(
                "{\"type\":\"registerfunction\",\"id\":\"" + FUNCTION + "\"}",
                "{\"type\":\"registertrigger\",\"id\":\"witness\",\"trigger_type\":\"state\",\"function_id\":\""
                        + FUNCTION + "\",\"config\":{\"scope\":\"" + scope + "\",\"subscription\":\"witness\"}}");
        this.workers = IntStream.range(0, nodes.size())
                .mapToObj(index -> new RawWorker(new Rotation(nodes, index, "/")::next, introduction, this::take))
                .toList();
    }

    private synchronized String take(JsonNode event) {
        calls++;
        told.computeIfAbsent(event.path("key").asString(), key -> new TreeSet<>())
                .add(event.path("new_value").path("n").asInt());
        return "null";
    }

    /** How many different changes they were told. */
    synchronized int distinct() {
        return told.values().stream().mapToInt(Set::size).sum();
    }

    /** How often their function was called. */
    synchronized int calls() {
        return calls;
    }

    @Override
    public void close() {
        workers.forEach(RawWorker::close);
    }
}
