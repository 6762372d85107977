package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.harness.FreePorts;
import io.millrace.harness.NodeJs;
import io.millrace.harness.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowHandlerTest {
    private static final int TOTAL = 1_000;
    private static final String SCOPE = "watched-by-two";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @BeforeAll
    static void needNodeJs() {
        NodeJs.require();
    }

    @Test
    void aHandlerThatTakesTenSecondsHoldsUpNoOther() throws Exception {
        try (NodeProcess node = NodeProcess.embedded(folder, FreePorts.one()).awaitReady();
                Recorder fast = new Recorder(node, SCOPE, "fast")) {
            write(node, fast, "warm", TOTAL);
            fast.latencies();
            write(node, fast, "before", 2 * TOTAL);
            print("alone", fast.latencies());
            try (Recorder slow = new Recorder(node, SCOPE, "slow", "10000")) {
                write(node, fast, "beside", 3 * TOTAL);
                print("beside one that takes 10 s", fast.latencies());
                await().atMost(PATIENCE).until(() -> slow.distinct() > 0);
                assertThat(slow.left()).isLessThan(TOTAL);
                assertThat(fast.disorder()).isEmpty();
            }
        }
    }

    private static void write(NodeProcess node, Recorder fast, String name, int told) throws Exception {
        try (Changes changes = new Changes(node, SCOPE, name, TOTAL)) {
            changes.awaitEnd();
            await().atMost(PATIENCE).until(() -> fast.distinct() == told);
        }
    }

    private static void print(String what, long[] latencies) {
        System.out.println("change to handler, " + what + ": p50 " + latencies[latencies.length / 2] + " µs, p99 "
                + latencies[latencies.length * 99 / 100] + " µs");
    }
}
