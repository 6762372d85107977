package io.millrace.fleet;

import static org.awaitility.Awaitility.await;

import io.millrace.harness.NodeProcess;
import java.time.Duration;
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
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final String FUNCTION = "witness::told";

    private static final String FIRST = "first";

    private final Map<String, Set<Integer>> told = new TreeMap<>();
    private final String scope;
    private final List<RawWorker> workers;
    private int calls;

    TriggerWitness(List<NodeProcess> nodes, String scope) {
        this.scope = scope;
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

    /** Waits until they are told what changes: a new trigger begins where the log ends when it is registered. */
    TriggerWitness awaitFollowing(NodeProcess node) {
        await().atMost(PATIENCE).pollInterval(POLL).ignoreExceptions().until(() -> {
            node.result("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"" + FIRST + "\",\"value\":{\"n\":0}}");
            return isFollowing();
        });
        return this;
    }

    private synchronized boolean isFollowing() {
        return told.containsKey(FIRST);
    }

    /** How many different changes they were told of each key, except those that came before. */
    synchronized Map<String, Integer> distinct() {
        Map<String, Integer> counts = new TreeMap<>();
        told.forEach((key, numbers) -> counts.put(key, numbers.size()));
        counts.remove(FIRST);
        return counts;
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
