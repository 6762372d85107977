package io.millrace.integration;

import static org.awaitility.Awaitility.await;

import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import io.millrace.harness.NodeScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A program of a user's, on the npm client, that is told every change of a scope; it can be killed and started again. */
final class Recorder implements AutoCloseable {
    private static final Path PACKAGES = Path.of("target/npm/recorder");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final NodeProcess node;
    private final List<String> arguments;
    private final Map<String, Integer> last = new TreeMap<>();
    private final List<String> disorder = new ArrayList<>();
    private final List<Long> latencies = new ArrayList<>();
    private int repeated;
    private int left;
    private boolean ready;
    private @Nullable NodeScript script;
    private @Nullable Thread listener;

    Recorder(NodeProcess node, String scope, String subscription, String... more) {
        this.node = node;
        this.arguments = new ArrayList<>(List.of("recorder.mjs", scope, subscription));
        arguments.addAll(List.of(more));
        start();
    }

    /** Installs the client that the example uses. */
    static Path packages() {
        NodeJs.require();
        NodeJs.install(Path.of("../../../examples/todo"), PACKAGES);
        NodeJs.copy(Path.of("src/test/js"), PACKAGES);
        return PACKAGES;
    }

    void start() {
        NodeScript started = NodeScript.start(
                packages(), arguments, Map.of("III_URL", node.workers("").toString()));
        script = started;
        synchronized (this) {
            ready = false;
        }
        listener = Thread.ofVirtual().start(() -> listen(started));
        await().atMost(PATIENCE).until(this::isReady);
    }

    private synchronized boolean isReady() {
        return ready;
    }

    private void listen(NodeScript started) {
        try {
            for (JsonNode said = started.next(PATIENCE); said != null; said = started.next(PATIENCE)) {
                take(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void take(JsonNode said) {
        if (said.has("ready")) {
            ready = true;
        } else if (said.has("left")) {
            left++;
        } else {
            String key = said.path("key").asString();
            int n = said.path("n").asInt();
            int before = last.getOrDefault(key, -1);
            if (n > before + 1) {
                disorder.add(key + ": " + n + " after " + before);
            }
            if (n <= before) {
                repeated++;
            }
            last.put(key, Math.max(n, before));
            latencies.add(said.path("micros").asLong());
        }
    }

    /** Returns when all that it had said is known, so that the next one's words come after. */
    void kill() {
        if (script == null || listener == null) {
            return;
        }
        script.kill();
        try {
            listener.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many different changes it was told. Each key's are numbered from 0. */
    synchronized int distinct() {
        return last.values().stream().mapToInt(n -> n + 1).sum();
    }

    /** How many changes it was told again. */
    synchronized int repeated() {
        return repeated;
    }

    /** How many it was done with, if it takes its time. */
    synchronized int left() {
        return left;
    }

    /** Changes that came before one that is earlier. */
    synchronized List<String> disorder() {
        return List.copyOf(disorder);
    }

    /** From a change's version to its handler, of those told so far, in µs; forgets them. */
    synchronized long[] latencies() {
        long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
        latencies.clear();
        return sorted;
    }

    @Override
    public void close() {
        kill();
    }
}
