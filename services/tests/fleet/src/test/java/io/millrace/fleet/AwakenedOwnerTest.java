package io.millrace.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.BrokerCluster;
import io.millrace.harness.Fleet;
import io.millrace.harness.Network;
import io.millrace.harness.NodeProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A node that was stalled does not know that time has passed, nor that others own by now what it owned. */
class AwakenedOwnerTest {
    private static final int SCOPES = 24;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** For the others to take a stalled node for dead. */
    private static final Duration SILENCE = Duration.ofMillis(1_500);

    /** What brokers and nodes said is wanted when something is wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nothingOldIsReadAtANodeThatWakesUpAfterOthersHaveTakenItsPartitions() throws Exception {
        try (Network network = new Network.Loopback();
                BrokerCluster brokers = BrokerCluster.start(3, network, folder, Map.of());
                // The sooner the others take over, the more of its session the sleeper believes to have left.
                Fleet fleet = Fleet.start(
                        3,
                        brokers,
                        network,
                        folder,
                        Map.of("peers.silence", SILENCE.toMillis() + "ms", "peers.heartbeat", "300ms"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 1; round <= 3; round++) {
                NodeProcess sleeper = fleet.node(round % 3);
                NodeProcess other = fleet.node((round + 1) % 3);
                set(sleeper, round + "-old");
                sleeper.process().stall();
                long stalledNs = System.nanoTime();
                set(other, round + "-new");
                System.out.println("others had taken all partitions after "
                        + Duration.ofNanos(System.nanoTime() - stalledNs).toMillis() + " ms");

                // These wait in its sockets: they are the first that it sees when it wakes.
                List<Future<HttpResponse<String>>> reads = new ArrayList<>();
                for (int scope = 0; scope < SCOPES; scope++) {
                    String payload = address(scope) + "}";
                    reads.add(threads.submit(() -> sleeper.call("state::get", payload, PATIENCE)));
                }
                sleeper.process().goOn();
                for (Future<HttpResponse<String>> read : reads) {
                    HttpResponse<String> answer = read.get();
                    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 503);
                    if (answer.statusCode() == 200) {
                        assertThat(answer.body()).contains(round + "-new");
                    }
                }
                fleet.awaitReady();
            }
        }
    }

    private static String address(int scope) {
        return "{\"scope\":\"scope-" + scope + "\",\"key\":\"k\"";
    }

    private static void set(NodeProcess node, String value) {
        for (int scope = 0; scope < SCOPES; scope++) {
            Fleet.awaitResult(node, "state::set", address(scope) + ",\"value\":\"" + value + "\"}");
        }
    }
}
