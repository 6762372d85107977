package io.millrace.conformance;

import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unmodified clients of streams against a running node: the legacy npm packages and {@code EventSource}. Each file under
 * {@code src/test/js/stream-scenarios} is one container, those named {@code alone-…}, which kill the node, at the end.
 */
class StreamClientsTest {
    private static final Path SOURCES = Path.of("src/test/js");
    private static final Path TARGET = Path.of("target/npm/clients");
    private static final String ALONE = "alone-";

    @TempDir
    private static Path folder;

    private static NodeProcess node;

    @BeforeAll
    static void startNodeAndInstallClients() {
        NodeJs.require();
        node = NodeProcess.embedded(folder, FreePorts.one(), Map.of("gateway.ping-interval", "1s"));
        NodeJs.install(SOURCES.resolve("clients"), TARGET);
        NodeJs.copy(SOURCES.resolve("kit"), TARGET.resolve("kit"));
        NodeJs.copy(SOURCES.resolve("stream-scenarios"), TARGET.resolve("scenarios"));
        node.awaitReady();
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @TestFactory
    Stream<DynamicContainer> everyScenarioHolds() throws IOException {
        String wanted = System.getProperty("scenarios", "");
        try (Stream<Path> files = Files.list(SOURCES.resolve("stream-scenarios"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(wanted))
                    .toList();
            return Stream.concat(
                            names.stream().filter(name -> !name.startsWith(ALONE)),
                            names.stream().filter(name -> name.startsWith(ALONE)))
                    .map(name -> DynamicContainer.dynamicContainer(name, tests(name)));
        }
    }

    private static List<DynamicTest> tests(String file) {
        try {
            return new Scenarios(node, TARGET, "clients " + file).run();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(file, e);
        }
    }
}
