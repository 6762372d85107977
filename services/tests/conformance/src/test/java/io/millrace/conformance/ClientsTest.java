package io.millrace.conformance;

import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unmodified npm clients against a running node: each scenario under {@code src/test/js/scenarios} is one test for each
 * version of the client. Files named {@code alone-…} may kill the node and run when all others have ended.
 */
class ClientsTest {
    private static final Path SOURCES = Path.of("src/test/js");
    private static final Path TARGET = Path.of("target/npm");
    private static final List<String> VERSIONS = List.of("0.22.1", "0.11.6");

    /** What the scenarios count on, and waits that are worth a test's while. */
    private static final Map<String, String> SETTINGS = Map.of(
            "http.timeout",
            "5s",
            "gateway.compression",
            "true",
            "gateway.auth-function",
            "conformance::auth",
            "triggers.first-wait",
            "100ms",
            "queues.backoff",
            "100ms",
            "queue.ordered.type",
            "fifo",
            "queue.ordered.message-group-field",
            "group",
            Scenarios.SECRET,
            Scenarios.SECRET_VALUE);

    /** They wait more than they work. */
    private static final int AT_A_TIME = 3;

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(AT_A_TIME);

    @TempDir
    private static Path folder;

    private static NodeProcess node;

    @BeforeAll
    static void startNodeAndInstallClients() {
        NodeJs.require();
        node = NodeProcess.embedded(folder, FreePorts.one(), SETTINGS);
        for (String version : VERSIONS) {
            Path target = NodeJs.install(SOURCES.resolve("sdk-" + version), TARGET.resolve(version));
            NodeJs.copy(SOURCES.resolve("kit"), target.resolve("kit"));
            NodeJs.copy(SOURCES.resolve("scenarios"), target.resolve("scenarios"));
        }
        node.awaitReady();
    }

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
        if (node != null) {
            node.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> everyScenarioHoldsForEveryVersion() throws IOException {
        List<Scenarios> together = scenarios(false);
        List<Future<List<DynamicTest>>> results =
                together.stream().map(each -> THREADS.submit(each::run)).toList();
        Stream<DynamicContainer> first = Stream.iterate(0, i -> i < together.size(), i -> i + 1)
                .map(i -> DynamicContainer.dynamicContainer(
                        together.get(i).title(), Stream.of(results.get(i)).flatMap(ClientsTest::get)));
        Stream<DynamicContainer> then = scenarios(true).stream()
                .map(each -> DynamicContainer.dynamicContainer(
                        each.title(), Stream.of(each).flatMap(alone -> get(THREADS.submit(alone::run)))));
        return Stream.concat(first, then);
    }

    private static Stream<DynamicTest> get(Future<List<DynamicTest>> results) {
        try {
            return results.get().stream();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those that {@code -Dscenarios=} names with a part of their title, or all. */
    private static List<Scenarios> scenarios(boolean alone) throws IOException {
        String wanted = System.getProperty("scenarios", "");
        try (Stream<Path> files = Files.list(SOURCES.resolve("scenarios"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("alone-") == alone)
                    .sorted()
                    .toList();
            return names.stream()
                    .flatMap(name -> VERSIONS.stream()
                            .map(version -> new Scenarios(node, TARGET.resolve(version), version + " " + name)))
                    .filter(each -> each.title().contains(wanted))
                    .toList();
        }
    }
}
