package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.state;

import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Replicas;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * How long writes are away when one of three owners goes. No test: run it by name, {@code -Dtest=FailoverBench}. Two nodes and
 * the broker are in this process, the third is another, which is killed or told to stop.
 */
class FailoverBench {
    private static final int ROUNDS = Integer.getInteger("failover.rounds", 5);
    private static final int RECORDS = Integer.getInteger("failover.records", 20_000);
    private static final List<String> MODES =
            List.of(System.getProperty("failover.modes", "session,evict,evict-no-standby,stop")
                    .split(","));

    @Test
    void measure() throws Exception {
        for (String mode : MODES) {
            List<long[]> rounds = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                Path folder = Files.createTempDirectory("failover");
                long[] took = round(mode, folder);
                System.out.println("failover " + mode + ": first back " + took[0] + " ms, all back " + took[1] + " ms");
                rounds.add(took);
            }
            System.out.println("failover " + mode + " of " + ROUNDS + ": first back " + summary(rounds, 0)
                    + ", all back " + summary(rounds, 1));
        }
    }

    private static String summary(List<long[]> rounds, int which) {
        long[] sorted =
                rounds.stream().mapToLong(round -> round[which]).sorted().toArray();
        return "median " + sorted[sorted.length / 2] + " ms (" + sorted[0] + " to " + sorted[sorted.length - 1] + ")";
    }

    /** When the first and the last of the lost partitions were served again, in milliseconds since the node went. */
    private static long[] round(String mode, Path folder) throws Exception {
        int standbys = mode.endsWith("no-standby") ? 0 : 1;
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(folder.resolve("broker"), 0));
                ForkedNode going = new ForkedNode("node-1", broker.bootstrapServers(), folder, standbys);
                FailoverNode one = new FailoverNode("node-2", broker.bootstrapServers(), folder, standbys);
                FailoverNode other = new FailoverNode("node-3", broker.bootstrapServers(), folder, standbys)) {
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> going.serves().size() + both(one, other).size() == FailoverNode.ALL
                            && going.serves().size() >= 2
                            && !one.served().isEmpty()
                            && !other.served().isEmpty());
            fill(one.backend());
            if (standbys > 0) {
                awaitCopies(one, other, going.serves());
            }
            List<String> lost = going.serves();
            long goneMs = System.currentTimeMillis();
            if (mode.startsWith("stop")) {
                going.stop();
            } else {
                going.kill();
            }
            if (mode.startsWith("evict")) {
                one.backend().evictions().evict("node-1").toCompletableFuture().join();
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> both(one, other).keySet().containsAll(lost));
            Map<String, Long> back = both(one, other);
            long[] times = lost.stream()
                    .mapToLong(name -> back.getOrDefault(name, 0L) - goneMs)
                    .toArray();
            return new long[] {
                LongStream.of(times).min().orElse(0), LongStream.of(times).max().orElse(0)
            };
        }
    }

    private static Map<String, Long> both(FailoverNode one, FailoverNode other) {
        Map<String, Long> all = new HashMap<>(one.served());
        all.putAll(other.served());
        return all;
    }

    private static void fill(KafkaBackend by) {
        for (int partition = 0; partition < FailoverNode.PARTITIONS; partition++) {
            try (PartitionLog log = by.logs().open(Space.STATE, partition)) {
                log.fence();
                for (int i = 0; i < RECORDS; i += 500) {
                    int from = i;
                    List<ChangeRecord> batch = IntStream.range(from, from + 500)
                            .mapToObj(FailoverBench::record)
                            .toList();
                    log.append(batch, Fixture.NOW_MS);
                    log.commit();
                }
            }
        }
    }

    private static ChangeRecord record(int n) {
        return new ChangeRecord(
                state("key-" + n),
                Json.ofText('"' + "v".repeat(200) + '"'),
                new MutationId("m-" + n),
                null,
                null,
                null);
    }

    private static void awaitCopies(FailoverNode one, FailoverNode other, List<String> lost) {
        long filledMs = System.currentTimeMillis();
        for (String name : lost) {
            Space space = Space.valueOf(name.substring(0, name.indexOf('-')));
            int partition = Integer.parseInt(name.substring(name.indexOf('-') + 1));
            await().atMost(Duration.ofMinutes(2))
                    .until(() ->
                            isCurrent(one, space, partition, filledMs) || isCurrent(other, space, partition, filledMs));
        }
    }

    private static boolean isCurrent(FailoverNode node, Space space, int partition, long sinceMs) {
        Replicas.Replica replica = node.backend().replicas().replica(space, partition);
        return replica != null && replica.currentMs() > sinceMs;
    }
}
