package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.Assignment;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.StoreClosedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A node that does what an owner does before it serves, and no more: fences each partition it is assigned, writes a barrier
 * and waits until its copy has it. Also a program, to be killed.
 */
final class FailoverNode implements AutoCloseable {
    static final int PARTITIONS = 4;
    static final int ALL = 2 * PARTITIONS;

    private final KafkaBackend backend;
    /** What is served, and since when, in milliseconds since 1970. */
    private final Map<String, Long> served = new ConcurrentHashMap<>();

    private final Map<String, StateStore> assigned = new ConcurrentHashMap<>();

    FailoverNode(String node, String bootstrap, Path folder, int standbys) {
        this.backend = KafkaBackend.connect(
                new KafkaBackendConfig(
                        node,
                        folder.resolve(node),
                        new ClusterConfig(bootstrap, Map.of(), ClusterConfig.CALL_TIMEOUT, false),
                        new TopicsConfig("millrace.", OptionalInt.of(PARTITIONS), 1, TopicsConfig.HISTORY, 64 << 10),
                        new StoreConfig(1, standbys, Duration.ofSeconds(6), 64 << 20, true)),
                alarm -> System.out.println("alarm " + alarm.message()));
        backend.start(
                new Assignment() {
                    @Override
                    public void assigned(Space space, int partition, StateStore store) {
                        String name = space + "-" + partition;
                        assigned.put(name, store);
                        var _ = Thread.ofPlatform().daemon().start(() -> serve(space, partition, store));
                    }

                    @Override
                    public void revoked(Space space, int partition, StateStore store) {
                        String name = space + "-" + partition;
                        if (assigned.remove(name, store)) {
                            served.remove(name);
                        }
                    }
                },
                (partition, batch) -> {});
    }

    private void serve(Space space, int partition, StateStore store) {
        String name = space + "-" + partition;
        while (store.equals(assigned.get(name))) {
            try (PartitionLog log = backend.logs().open(space, partition)) {
                log.fence();
                long barrier = Fixture.write(log, ChangeRecord.barrier());
                while (store.appliedOffset() < barrier && store.equals(assigned.get(name))) {
                    LockSupport.parkNanos(1_000_000);
                }
                if (store.equals(assigned.get(name))) {
                    served.put(name, System.currentTimeMillis());
                }
                return;
            } catch (LogUnavailableException | StoreClosedException e) {
                LockSupport.parkNanos(50_000_000);
            }
        }
    }

    KafkaBackend backend() {
        return backend;
    }

    Map<String, Long> served() {
        return served;
    }

    @Override
    public void close() {
        backend.close();
    }

    /** Runs until told anything: node id, bootstrap servers, folder, standbys. */
    public static void main(String[] args) throws IOException {
        try (FailoverNode node = new FailoverNode(args[0], args[1], Path.of(args[2]), Integer.parseInt(args[3]))) {
            var _ = Thread.ofPlatform().daemon().start(() -> report(node));
            var _ = System.in.read();
        }
        System.out.println("stopped");
    }

    private static void report(FailoverNode node) {
        List<String> before = List.of();
        while (true) {
            List<String> now = node.served().keySet().stream().sorted().toList();
            if (!now.equals(before)) {
                System.out.println("serves " + String.join(",", now));
                before = now;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
