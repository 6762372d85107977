package io.millrace.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.BrokerCluster;
import io.millrace.harness.Fleet;
import io.millrace.harness.Network;
import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a fleet does not write when something happens to it, and how much it writes: printed, for {@code -Dfleet.times=true}. */
@EnabledIfSystemProperty(named = "fleet.times", matches = "true")
class FleetTimesTest {
    private static final Duration SETTLED = Duration.ofSeconds(5);
    private static final Duration WATCHED = Duration.ofSeconds(20);
    private static final Duration WARM_UP = Duration.ofSeconds(30);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final int VALUES = 20_000;
    private static final int FILLERS = 64;

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0} standbys")
    @ValueSource(ints = {1, 0})
    void writesComeBackAfterANodeIsLost(int standbys) throws Exception {
        try (Network network = new Network.Loopback();
                BrokerCluster brokers = BrokerCluster.start(3, network, folder, Map.of());
                Fleet fleet = Fleet.start(
                        3, brokers, network, folder, Map.of("store.standbys", Integer.toString(standbys)))) {
            fill(fleet.nodes());
            List<NodeProcess> survivors = fleet.nodes().subList(0, 2);
            NodeProcess victim = fleet.node(2);
            String with = standbys + " standbys, ";

            watch(with + "node killed with -9", survivors, Duration.ofSeconds(10), victim::kill);
            watch(with + "node started again", survivors, Duration.ofSeconds(10), victim::restart);
            fleet.awaitReady();
            watch(with + "node stalled", survivors, Duration.ofSeconds(10), victim.process()::stall);
            watch(with + "node goes on", survivors, Duration.ofSeconds(10), victim.process()::goOn);
            fleet.awaitReady();
            watch(with + "node stopped as planned", survivors, Duration.ofSeconds(30), victim::terminate);
            watch(with + "node started again", survivors, Duration.ofSeconds(30), victim::restart);
            fleet.awaitReady();
            watch(
                    with + "broker killed with -9",
                    fleet.nodes(),
                    Duration.ofSeconds(30),
                    brokers.broker(2).process()::kill);
            assertThat(victim.process().isAlive()).isTrue();
        }
    }

    private static void watch(String what, List<NodeProcess> nodes, Duration attempt, Runnable event) throws Exception {
        try (Probes probes = new Probes(nodes, attempt)) {
            TimeUnit.MILLISECONDS.sleep(SETTLED.toMillis());
            event.run();
            TimeUnit.MILLISECONDS.sleep(WATCHED.toMillis());
            System.out.println("fleet: " + what + ": " + probes.end());
        }
    }

    private static void fill(List<NodeProcess> nodes) throws Exception {
        all(FILLERS, caller -> {
            for (int i = caller; i < VALUES; i += FILLERS) {
                nodes.get(i % nodes.size()).result("state::set", payload("filled-" + i % 64, i));
            }
        });
    }

    private static String payload(String scope, int i) {
        return "{\"scope\":\"" + scope + "\",\"key\":\"k" + i + "\",\"value\":{\"text\":\"" + "x".repeat(180) + "\"}}";
    }

    @ParameterizedTest(name = "{0} nodes, {1} callers")
    @CsvSource({"1,64", "2,64", "3,64", "1,512", "2,512", "3,512"})
    void whatNodesWriteTogether(int count, int callers) throws Exception {
        try (Network network = new Network.Loopback();
                BrokerCluster brokers = BrokerCluster.start(3, network, folder, Map.of());
                Fleet fleet = Fleet.start(count, brokers, network, folder, Map.of())) {
            List<NodeProcess> nodes = fleet.nodes();
            AtomicLong written = new AtomicLong();
            long fromNs = System.nanoTime() + WARM_UP.toNanos();
            long toNs = fromNs + MEASURED.toNanos();
            List<Duration> before = new ArrayList<>();
            Thread look = Thread.ofVirtual().start(() -> {
                sleepUntil(fromNs);
                before.addAll(cpu(brokers, nodes));
            });
            all(callers, caller -> {
                for (int i = caller; System.nanoTime() < toNs; i += callers) {
                    nodes.get(i % nodes.size()).result("state::set", payload("load-" + i % 64, i % VALUES));
                    if (System.nanoTime() >= fromNs) {
                        written.incrementAndGet();
                    }
                }
            });
            look.join();
            List<Duration> after = cpu(brokers, nodes);
            List<String> shares = IntStream.range(0, after.size())
                    .mapToObj(i ->
                            "%d %%".formatted(after.get(i).minus(before.get(i)).toMillis() * 100 / MEASURED.toMillis()))
                    .toList();
            System.out.printf(
                    "fleet: %d nodes: %,d writes a second by %d callers; of one core: brokers %s, nodes %s, callers %s%n",
                    count,
                    written.get() / MEASURED.toSeconds(),
                    callers,
                    shares.subList(0, 3),
                    shares.subList(3, 3 + count),
                    shares.getLast());
        }
    }

    /** How long brokers, nodes and this process have had a processor. */
    private static List<Duration> cpu(BrokerCluster brokers, List<NodeProcess> nodes) {
        List<Duration> durations = new ArrayList<>();
        IntStream.range(0, brokers.size())
                .forEach(i -> durations.add(brokers.broker(i).process().cpu()));
        nodes.forEach(node -> durations.add(node.process().cpu()));
        durations.add(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO));
        return durations;
    }

    private static void sleepUntil(long atNs) {
        try {
            TimeUnit.NANOSECONDS.sleep(atNs - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that each of many callers does. */
    private interface Calls {
        void run(int caller) throws IOException, InterruptedException;
    }

    private static void all(int count, Calls calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int caller = i;
                callers.add(threads.submit(() -> {
                    calls.run(caller);
                    return null;
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
    }
}
