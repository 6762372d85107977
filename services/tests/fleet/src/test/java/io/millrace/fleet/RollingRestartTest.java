package io.millrace.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.BrokerCluster;
import io.millrace.harness.Fleet;
import io.millrace.harness.Network;
import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Nodes are stopped as planned and come back, one after the other, while clients call whichever of them is ready. */
class RollingRestartTest {
    private static final int CALLERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TERMINATED = 143;
    /** Of a function's call: many are under way when a node stops. */
    private static final long LONG_MS = 400;
    /** Of one that is begun just before, and outlasts what the node would otherwise need. */
    private static final long VERY_LONG_MS = 8_000;

    /** What brokers and nodes said is wanted when something is wrong. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final CountDownLatch veryLongBegun = new CountDownLatch(1);
    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    @Test
    void noCallFailsAndEachCountsOnceWhileNodesAreRestartedTakenAwayAndAdded() throws Exception {
        try (Network network = new Network.Loopback();
                BrokerCluster brokers = BrokerCluster.start(1, network, folder, Map.of());
                Fleet fleet = Fleet.start(3, brokers, network, folder, Map.of("node.drain", "2s"));
                Balancer balancer = new Balancer(fleet.nodes());
                RawWorker _ = worker(fleet.node(0));
                RawWorker _ = worker(fleet.node(1));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fleet.nodes().forEach(node -> Fleet.awaitResult(node, "long::echo", "{\"n\":1}"));
            List<Future<Integer>> callers = IntStream.range(0, CALLERS)
                    .mapToObj(number -> threads.submit(() -> call(number, balancer)))
                    .toList();
            Future<?> veryLong = threads.submit(() -> {
                expect(fleet.node(0), "long::echo", "{\"n\":-1,\"ms\":" + VERY_LONG_MS + "}", "-1");
                return null;
            });
            veryLongBegun.await();
            for (NodeProcess node : fleet.nodes()) {
                assertThat(node.terminate()).isEqualTo(TERMINATED);
                node.restart();
                fleet.awaitReady();
            }
            // Scaled in, and out by one that has nothing yet.
            NodeProcess last = fleet.node(2);
            assertThat(last.terminate()).isEqualTo(TERMINATED);
            last.startAnew();
            fleet.awaitReady();

            ended = true;
            veryLong.get();
            List<Integer> counts = new ArrayList<>();
            for (Future<Integer> caller : callers) {
                counts.add(caller.get());
            }
            assertThat(failed).isEmpty();
            for (int number = 0; number < CALLERS; number++) {
                JsonNode stored = Fleet.awaitResult(last, "state::get", address(number) + "}");
                assertThat(stored.path("n").asInt()).isEqualTo(counts.get(number));
            }
            System.out.println("rolling restart: "
                    + counts.stream().mapToInt(Integer::intValue).sum()
                    + " increments, none failed, each counted once");
        }
    }

    /** Comes back to the node it was at: a function has a gap when all its workers are at the one that stops. */
    private RawWorker worker(NodeProcess node) {
        return new RawWorker(
                () -> node.workers("/"), List.of("{\"type\":\"registerfunction\",\"id\":\"long::echo\"}"), payload -> {
                    long ms = payload.path("ms").asLong(LONG_MS);
                    if (ms == VERY_LONG_MS) {
                        veryLongBegun.countDown();
                    }
                    pause(ms);
                    return payload.path("n").toString();
                });
    }

    private static void pause(long ms) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String address(int number) {
        return "{\"scope\":\"counter-" + number + "\",\"key\":\"k\"";
    }

    /** Increments a counter, and now and then calls the workers' function. Returns how often it did the first. */
    private int call(int number, Balancer balancer) throws InterruptedException {
        int increments = 0;
        for (int i = 0; !ended; i++) {
            if (i % 5 == 0) {
                expect(balancer.next(), "long::echo", "{\"n\":" + i + "}", Integer.toString(i));
            } else {
                expect(
                        balancer.next(),
                        "state::update",
                        address(number) + ",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]}",
                        "\"n\":" + ++increments);
            }
        }
        return increments;
    }

    private void expect(NodeProcess node, String function, String payload, String result) throws InterruptedException {
        try {
            HttpResponse<String> answer = node.call(function, payload, PATIENCE);
            if (answer.statusCode() != 200 || !answer.body().contains(result)) {
                failed.add(function + " at " + node.host().name() + ": " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            failed.add(function + " at " + node.host().name() + ": " + e);
        }
    }
}
