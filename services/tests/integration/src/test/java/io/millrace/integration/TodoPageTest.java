package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import io.millrace.harness.NodeScript;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The example's page in a real browser. What it looked like at the end is kept in {@code target/browser}. */
class TodoPageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Path SCREENSHOTS = Path.of("target/browser");

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void needNodeJs() {
        NodeJs.require();
    }

    @Test
    void twoTabsFollowOneAnotherAndGoOnAfterTheNodeWasKilled() throws Exception {
        try (BrowserTabs tabs = new BrowserTabs();
                NodeProcess node = NodeProcess.embedded(folder, FreePorts.one()).awaitReady();
                CuttableLink link = new CuttableLink(node.gateway("/").getPort());
                NodeScript worker = NodeScript.start(
                        TodoExample.install(),
                        List.of("worker.mjs"),
                        Map.of("III_URL", node.workers("").toString()))) {
            URI page = node.http("/todos/app?stream=" + link.uri());
            await().alias(worker.chatter()).atMost(PATIENCE).until(() -> status(page) == 200);
            int left = tabs.open(page);
            int right = tabs.open(page);
            awaitText(tabs, "state", "live", left, right);

            tabs.add(left, "milk");
            awaitTitles(tabs, "open", List.of("milk"), left, right);
            tabs.toggle(right, "milk");
            awaitTitles(tabs, "completed", List.of("milk"), left, right);

            node.kill();
            awaitText(tabs, "state", "reconnecting", left, right);
            link.cut();
            node.restart();
            node.awaitReady();
            await().atMost(PATIENCE).until(() -> create(node, "bread") == 201);
            assertThat(tabs.view(left).path("open")).isEmpty();
            link.mend();
            awaitText(tabs, "state", "live", left, right);
            awaitTitles(tabs, "open", List.of("bread"), left, right);

            tabs.add(right, "eggs");
            awaitTitles(tabs, "open", List.of("bread", "eggs"), left, right);
            awaitText(tabs, "metrics", "1 of 3 done", left, right);
            tabs.screenshot(left, SCREENSHOTS.resolve("todos-left.png"));
            tabs.screenshot(right, SCREENSHOTS.resolve("todos-right.png"));
            assertUnbroken(tabs.view(left));
            assertUnbroken(tabs.view(right));
        }
    }

    private static void assertUnbroken(JsonNode view) {
        assertThat(view.path("errors")).as("errors").isEmpty();
        assertThat(view.path("completed").toString()).isEqualTo("[\"milk\"]");
        assertThat(view.path("loads").asInt()).as("page loads").isEqualTo(1);
        // It went on from its cursor: with the events alone, without another look at the list.
        assertThat(view.path("lists").asInt()).as("requests of the list").isEqualTo(1);
    }

    private static void awaitText(BrowserTabs tabs, String which, String text, int... each) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int tab : each) {
                assertThat(tabs.view(tab).path(which).asString()).isEqualTo(text);
            }
        });
    }

    private static void awaitTitles(BrowserTabs tabs, String which, List<String> titles, int... each) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int tab : each) {
                JsonNode seen = tabs.view(tab).path(which);
                assertThat(seen.valueStream().map(JsonNode::asString)).containsExactlyElementsOf(titles);
            }
        });
    }

    /** The status of an answer; none where nobody listens. */
    private int status(URI page) throws InterruptedException {
        return status(HttpRequest.newBuilder(page).build());
    }

    private int create(NodeProcess node, String title) throws InterruptedException {
        return status(HttpRequest.newBuilder(node.http("/todos"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"title\":\"" + title + "\"}"))
                .build());
    }

    private int status(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }
}
