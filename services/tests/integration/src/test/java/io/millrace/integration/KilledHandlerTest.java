package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.ChangeTopic;
import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Ten thousand changes stream by while somebody is killed with -9: the handler sees each at least once, per key in order. */
class KilledHandlerTest {
    private static final int TOTAL = 10_000;
    private static final int POISONED = 5;
    private static final String SCOPE = "streaming-by";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final int brokerPort = FreePorts.one();

    @BeforeAll
    static void needNodeJs() {
        NodeJs.require();
    }

    @Test
    void nothingIsMissedThoughTheWorkerIsKilled() throws Exception {
        try (NodeProcess node = start();
                Recorder recorder = new Recorder(node, SCOPE, "kept");
                Changes changes = new Changes(node, SCOPE, TOTAL)) {
            poison(changes);
            awaitTold(recorder, TOTAL / 5);
            recorder.kill();
            int missing = TOTAL + POISONED - recorder.distinct();
            await().atMost(PATIENCE).until(() -> changes.acknowledged() > TOTAL / 2);
            recorder.start();
            changes.awaitEnd();
            check(recorder, missing);
        }
    }

    @Test
    void nothingIsMissedThoughTheNodeIsKilled() throws Exception {
        try (NodeProcess node = start();
                Recorder recorder = new Recorder(node, SCOPE, "kept");
                Changes changes = new Changes(node, SCOPE, TOTAL)) {
            poison(changes);
            awaitTold(recorder, TOTAL / 5);
            node.killAndRestart();
            int missing = TOTAL + POISONED - recorder.distinct();
            changes.awaitEnd();
            check(recorder, missing);
        }
    }

    private NodeProcess start() {
        return NodeProcess.embedded(folder, brokerPort, Map.of("triggers.first-wait", "50ms"))
                .awaitReady();
    }

    private static void poison(Changes changes) throws InterruptedException {
        for (int i = 0; i < POISONED; i++) {
            changes.set("poison-" + i, "{\"n\":0,\"poison\":true}", "poison-" + i);
        }
    }

    private static void awaitTold(Recorder recorder, int changes) {
        await().atMost(PATIENCE).until(() -> recorder.distinct() >= changes);
    }

    private void check(Recorder recorder, int missing) {
        awaitTold(recorder, TOTAL + POISONED);
        assertThat(missing).isPositive();
        assertThat(recorder.distinct()).isEqualTo(TOTAL + POISONED);
        assertThat(recorder.disorder()).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deadLetters().keySet()).hasSize(POISONED));
        assertThat(deadLetters().values()).allSatisfy(letter -> {
            assertThat(letter.path("event").path("key").asString()).startsWith("poison-");
            assertThat(letter.path("error").path("message").asString()).isEqualTo("poison");
            assertThat(letter.path("attempts").asInt()).isEqualTo(5);
        });
        System.out.println("told again: " + recorder.repeated() + " of " + TOTAL);
    }

    /** By the position of the event: a node that is killed between letter and commit writes the letter again. */
    private Map<String, JsonNode> deadLetters() {
        Map<String, JsonNode> letters = new TreeMap<>();
        ChangeTopic.records("127.0.0.1:" + brokerPort, "millrace.dead-letters", record -> {
            JsonNode letter = NodeProcess.JSON.readTree(record.value());
            letters.put(letter.path("partition") + "/" + letter.path("offset"), letter);
        });
        return letters;
    }
}
