package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.FreePorts;
import io.millrace.harness.LiveView;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import io.millrace.harness.NodeScript;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The example as it is, under load. */
class TodoExampleTest {
    private static final int OPERATIONS = 1_000;
    private static final int CALLERS = 32;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BACK_OFF = Duration.ofMillis(200);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<String> ids = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();

    @BeforeAll
    static void needNodeJs() {
        NodeJs.require();
    }

    @Test
    void theCountsAreWhatTheListSaysAfterAThousandOperationsAndAKill() throws Exception {
        Path packages = TodoExample.install();
        try (NodeProcess node = NodeProcess.embedded(folder, FreePorts.one()).awaitReady();
                NodeScript worker = NodeScript.start(
                        packages,
                        List.of("worker.mjs"),
                        Map.of("III_URL", node.workers("").toString()));
                LiveView live = new LiveView(node.gateway("/stream/todos-live/all"));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> get(node, "/todos/app").body().contains("<!doctype html>"));
            List<Future<?>> ends = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = caller;
                ends.add(callers.submit(() -> operate(node, first)));
            }
            await().atMost(PATIENCE).until(() -> done.get() >= OPERATIONS / 2);
            node.killAndRestart();
            for (Future<?> end : ends) {
                end.get();
            }
            awaitCounts(node, worker);
            // Once more: the counts could have been right by chance, with a change still on its way.
            String created = operate(node, "/todos", "{\"title\":\"the last\"}");
            assertThat(created).contains("the last");
            awaitCounts(node, worker);
            await().atMost(PATIENCE).until(() -> live.frames() > 1);
        }
    }

    private Void operate(NodeProcess node, int first) throws InterruptedException {
        for (int i = first; i < OPERATIONS; i += CALLERS) {
            String id = i % 4 == 0 ? null : ids.poll();
            if (id == null) {
                String created = operate(node, "/todos", "{\"title\":\"number " + i + "\"}");
                ids.add(NodeProcess.JSON.readTree(created).path("id").asString());
            } else if (i % 4 == 3) {
                operate(node, "/todos/delete", "{\"id\":\"" + id + "\"}");
            } else {
                operate(node, "/todos/toggle", "{\"id\":\"" + id + "\"}");
                ids.add(id);
            }
            done.incrementAndGet();
        }
        return null;
    }

    /** Does it again until it is done, as an impatient user would: a todo may well come to be twice. */
    private String operate(NodeProcess node, String path, String body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.http(path))
                .timeout(Duration.ofSeconds(5))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        while (true) {
            try {
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                int status = answer.statusCode();
                // Until the worker is back, its routes are not there; its own word for that has another shape.
                if (status < 300 || (status == 404 && answer.body().contains("no such todo"))) {
                    return answer.body();
                }
            } catch (IOException e) {
                // Killed, or not up again.
            }
            Thread.sleep(BACK_OFF);
        }
    }

    private HttpResponse<String> get(NodeProcess node, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.http(path))
                .timeout(Duration.ofSeconds(5))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void awaitCounts(NodeProcess node, NodeScript worker) throws Exception {
        JsonNode todos = NodeProcess.JSON.readTree(get(node, "/todos").body());
        int completed = 0;
        for (JsonNode todo : todos) {
            completed += todo.path("completed").asBoolean() ? 1 : 0;
        }
        String expected = "{\"completed\":" + completed + ",\"total\":" + todos.size() + "}";
        await().alias(worker.chatter()).atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            JsonNode metrics =
                    NodeProcess.JSON.readTree(get(node, "/todos/metrics").body());
            assertThat("{\"completed\":" + metrics.path("completed") + ",\"total\":" + metrics.path("total") + "}")
                    .isEqualTo(expected);
        });
    }
}
