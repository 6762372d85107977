package io.millrace.integration;

import static org.awaitility.Awaitility.await;

import io.millrace.harness.NodeProcess;
import io.millrace.harness.NodeScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A program of a user's, on the npm client, that is told who joins a stream and who leaves it, and survives the node. */
final class PresenceWorker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final NodeScript script;
    private final List<JsonNode> joined = new ArrayList<>();
    private final List<JsonNode> left = new ArrayList<>();
    private boolean ready;

    PresenceWorker(NodeProcess node, String stream) {
        script = NodeScript.start(
                Recorder.packages(),
                List.of("presence.mjs", stream),
                Map.of("III_URL", node.workers("").toString()));
        Thread.ofVirtual().start(this::listen);
        await().atMost(PATIENCE).until(this::isReady);
    }

    private void listen() {
        try {
            for (JsonNode said = script.next(PATIENCE); said != null; said = script.next(PATIENCE)) {
                take(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void take(JsonNode said) {
        if (said.has("joined")) {
            joined.add(said.path("joined"));
        } else if (said.has("left")) {
            left.add(said.path("left"));
        } else {
            ready = true;
        }
    }

    private synchronized boolean isReady() {
        return ready;
    }

    synchronized List<JsonNode> joined() {
        return List.copyOf(joined);
    }

    synchronized List<JsonNode> left() {
        return List.copyOf(left);
    }

    @Override
    public void close() {
        script.close();
    }
}
