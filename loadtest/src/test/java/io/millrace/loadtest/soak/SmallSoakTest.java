package io.millrace.loadtest.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The soak with few sockets and no eye on the clock. */
final class SmallSoakTest {
    @TempDir
    private Path folder;

    @Test
    void everySocketSeesEverythingThoughSomeStallManyComeAndGoAndTheNodeIsKilled() throws Exception {
        Soak.Plan plan = new Soak.Plan(
                300,
                10,
                10,
                200,
                10,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                10,
                1,
                2,
                1,
                false,
                true,
                256,
                false);
        // So little room that those who stall do not keep up.
        Map<String, String> settings = Map.of("gateway.socket-queue", "16KiB");
        try (NodeProcess process = NodeProcess.embedded(folder, FreePorts.one(), settings)) {
            process.awaitReady();
            Violations violations = new SoakRun(plan, new Harnessed(process), System.out).run();
            assertThat(violations.toString()).as(process.output()).isEmpty();
        }
    }

    /** A node of the test harness, which outlives us. */
    private record Harnessed(NodeProcess process) implements NodeUnderLoad {
        @Override
        public URI gateway() {
            return process.gateway("");
        }

        @Override
        public URI workers() {
            return process.workers("");
        }

        @Override
        public URI admin() {
            return process.admin("");
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public void killAndRestart() {
            process.killAndRestart();
        }

        @Override
        public void close() {}
    }
}
