package io.millrace.integration;

import io.millrace.harness.Chromium;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import io.millrace.harness.NodeScript;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A real browser, whose tabs share nothing but the server. */
final class BrowserTabs implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final NodeScript script;

    BrowserTabs() {
        Path browser = Chromium.require();
        Path packages = NodeJs.install(Path.of("src/test/js/browser"), Path.of("target/npm/browser"));
        this.script = NodeScript.start(packages, List.of("tabs.mjs", browser.toString()), Map.of());
    }

    /** Opens a page and gives the tab's number. */
    int open(URI page) {
        return ask(question("open").put("url", page.toString())).path("tab").asInt();
    }

    /** Types a title and clicks on "Add". */
    void add(int tab, String title) {
        ask(question("add").put("tab", tab).put("title", title));
    }

    /** Clicks on the check box beside a title. */
    void toggle(int tab, String title) {
        ask(question("click").put("tab", tab).put("title", title).put("part", "input"));
    }

    /** What somebody who looks at the tab sees, how often it was loaded, and what went wrong in it. */
    JsonNode view(int tab) {
        return ask(question("view").put("tab", tab));
    }

    void screenshot(int tab, Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        ask(question("screenshot").put("tab", tab).put("path", absolute.toString()));
    }

    private static ObjectNode question(String ask) {
        return NodeProcess.JSON.createObjectNode().put("ask", ask);
    }

    private JsonNode ask(ObjectNode question) {
        try {
            script.tell(question.toString());
            JsonNode answer = script.next(PATIENCE);
            if (answer == null || answer.has("error")) {
                throw new IllegalStateException(question + ": " + answer + "\n" + script.chatter());
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(question + ": the browser has gone\n" + script.chatter(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        script.end(PATIENCE);
    }
}
