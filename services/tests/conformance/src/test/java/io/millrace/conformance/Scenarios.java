package io.millrace.conformance;

import io.millrace.harness.NodeProcess;
import io.millrace.harness.NodeScript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;

/** The scenarios of one file, run by one version of the client in a process of its own. */
record Scenarios(NodeProcess node, Path packages, String title) {
    /** A variable that both the node and the scenarios have. */
    static final String SECRET = "SECRET_OF_A_SCENARIO";

    static final String SECRET_VALUE = "not much of a secret";

    /** A scenario fails of itself before; one that kills the node needs what the node needs to start, each time. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration OF_ONE = Duration.ofSeconds(45);
    private static final Duration OF_ONE_ALONE = Duration.ofMinutes(4);

    /** Runs them all and gives each as a test that passes or fails at once. */
    List<DynamicTest> run() throws IOException, InterruptedException {
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, String> environment = Map.of(
                "WORKERS_URL",
                node.workers("").toString(),
                "GATEWAY_URL",
                node.gateway("").toString(),
                "HTTP_URL",
                node.http("").toString(),
                "ADMIN_URL",
                node.admin("").toString(),
                SECRET,
                SECRET_VALUE,
                "PATIENCE_MS",
                Long.toString((title.contains(" alone-") ? OF_ONE_ALONE : OF_ONE).toMillis()));
        String file = "scenarios/" + title.substring(title.indexOf(' ') + 1);
        try (NodeScript script = NodeScript.start(packages, List.of("kit/run.mjs", file), environment)) {
            boolean ended = false;
            for (JsonNode message = script.next(PATIENCE); message != null; message = script.next(PATIENCE)) {
                ended = message.has("end");
                if (message.has("scenario")) {
                    tests.add(test(message, script));
                } else if (message.has("ask")) {
                    answer(message.path("ask").asString());
                    script.tell("done");
                }
            }
            boolean complete = ended;
            String chatter = script.chatter();
            tests.add(DynamicTest.dynamicTest("(all of them ran)", () -> {
                if (!complete) {
                    throw new AssertionError(title + ": ended before its end:\n" + chatter);
                }
            }));
        }
        return tests;
    }

    private void answer(String question) {
        switch (question) {
            case "restart the node" -> {
                node.killAndRestart();
                node.awaitReady();
            }
            case "kill the node" -> node.kill();
            case "start the node" -> {
                node.restart();
                node.awaitReady();
            }
            default ->
                throw new IllegalArgumentException(title + ": " + question + " (expected: something this test can do)");
        }
    }

    private DynamicTest test(JsonNode result, NodeScript script) {
        String name = result.path("scenario").asString();
        String error = result.path("error").asString("");
        String chatter = error.isEmpty() ? "" : script.chatter();
        return DynamicTest.dynamicTest(name, () -> {
            if (!error.isEmpty()) {
                throw new AssertionError(title + ": " + name + "\n" + error + "\n-- it printed:\n" + chatter);
            }
        });
    }
}
