package io.millrace.kafka;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Assignment;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.Tail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What the contract tests have in common: short names for records, and listeners that remember. */
final class Fixture {
    static final long NOW_MS = System.currentTimeMillis();

    private Fixture() {}

    static KafkaBackendConfig config(ClusterConfig cluster, Path folder, String prefix) {
        TopicsConfig topics = new TopicsConfig(prefix, OptionalInt.of(4), 1, TopicsConfig.HISTORY, 64 << 10);
        return new KafkaBackendConfig("node-1", folder, cluster, topics, StoreConfig.alone());
    }

    static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(30));
    }

    /** Waits until it is open. */
    static void join(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("latch still shut");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static RecordKey state(String key) {
        return new StateAddress("s", key).recordKey();
    }

    static RecordKey item(String id) {
        return new StreamAddress("stream", "group", id).recordKey();
    }

    static ChangeRecord put(RecordKey key, String text) {
        return new ChangeRecord(key, Json.ofText('"' + text + '"'), new MutationId("m-" + text), null, null, null);
    }

    /** Appends and commits; the offset of the last record. */
    static long write(PartitionLog log, ChangeRecord... records) {
        PartitionLog.Offsets offsets = log.append(List.of(records), NOW_MS);
        log.commit();
        return offsets.at(records.length - 1);
    }

    static String text(ChangeRecord record) {
        return record.isTombstone() ? "-" : String.valueOf(record.frame());
    }

    /** Sends an event that is nothing but a text, after no change. */
    static void send(KafkaBackend backend, Group group, String text) {
        backend.events()
                .send(group, Json.ofText('"' + text + '"'), -1, null)
                .toCompletableFuture()
                .join();
    }

    /** A group whose events and items are in that partition of four. */
    static Group groupIn(int partition) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> new Group("stream", "group-" + i))
                .filter(group -> group.partition(4) == partition)
                .findFirst()
                .orElseThrow();
    }

    /** Deletes the records of a topic's partition up to and with that offset, as retention does. */
    static void deleteThrough(EmbeddedBroker broker, String topic, int partition, long offset) {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, (Object) broker.bootstrapServers()))) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset + 1)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    /** As somebody would have to who deletes changes by hand. */
    static void allowDeleting(EmbeddedBroker broker, String topic) {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, (Object) broker.bootstrapServers()))) {
            AlterConfigOp both = new AlterConfigOp(
                    new ConfigEntry(TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(both)))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    /** Returns when nobody knows it any more. */
    static void deleteTopic(EmbeddedBroker broker, String topic) {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, (Object) broker.bootstrapServers()))) {
            admin.deleteTopics(List.of(topic))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            await().until(() -> !admin.listTopics().names().get().contains(topic));
        }
    }

    /** What a replay visits, as text. */
    static List<String> replayed(PartitionLog log, long sinceMs, int maxRecords, long through) {
        List<String> visited = new ArrayList<>();
        log.replay(sinceMs, maxRecords, through, (offset, record) -> visited.add(text(record)));
        return visited;
    }

    /** Remembers which stores are open. */
    static final class Assigned implements Assignment {
        private final Map<String, StateStore> open = new ConcurrentHashMap<>();

        @Override
        public void assigned(Space space, int partition, StateStore store) {
            open.put(space + "-" + partition, store);
        }

        @Override
        public void revoked(Space space, int partition, StateStore store) {
            open.remove(space + "-" + partition, store);
        }

        int count() {
            return open.size();
        }

        /** One of those that are open. */
        StateStore anyStore() {
            return open.values().iterator().next();
        }

        boolean has(Space space, int partition) {
            return open.containsKey(space + "-" + partition);
        }

        boolean has(StateStore store) {
            return open.containsValue(store);
        }

        StateStore store(Space space, int partition) {
            await().until(() -> open.containsKey(space + "-" + partition));
            StateStore store = open.get(space + "-" + partition);
            if (store == null) {
                throw new AssertionError("store taken away meanwhile");
            }
            return store;
        }
    }

    /** Remembers what was told, in order, and since and until when. */
    static final class Heard implements Tail.Listener {
        private final List<String> frames = new CopyOnWriteArrayList<>();
        private final List<Tail.Told> told = new CopyOnWriteArrayList<>();
        private final List<Mark> beginnings = new CopyOnWriteArrayList<>();
        private final Map<Integer, Mark> marks = new ConcurrentHashMap<>();

        @Override
        public void began(int partition, Mark start) {
            marks.put(partition, start);
            beginnings.add(start);
        }

        @Override
        public void told(int partition, Tail.Batch batch) {
            Mark before = marks.get(partition);
            if (before == null) {
                throw new IllegalStateException("partition " + partition + ": told (expected: begun before)");
            }
            Mark through = switch (batch.source()) {
                case CHANGE -> new Mark(batch.through(), before.event());
                case EVENT -> new Mark(before.change(), batch.through());
            };
            if (!through.covers(before) || through.equals(before)) {
                throw new IllegalStateException("partition " + partition + ": " + through + " after " + before);
            }
            told.addAll(batch.told());
            batch.told().forEach(one -> frames.add(partition + " " + one.source() + " " + one.frame()));
            marks.put(partition, through);
        }

        List<String> frames() {
            return List.copyOf(frames);
        }

        List<Tail.Told> told() {
            return List.copyOf(told);
        }

        /** Where partitions began, in order. */
        List<Mark> beginnings() {
            return List.copyOf(beginnings);
        }

        /** How far a partition has been told. */
        Mark mark(int partition) {
            return marks.getOrDefault(partition, Mark.START);
        }
    }

    /** Remembers what went wrong. */
    static final class Alarms implements Alarm.Listener {
        private final List<Alarm> raised = new CopyOnWriteArrayList<>();

        @Override
        public void raised(Alarm alarm) {
            raised.add(alarm);
        }

        List<Alarm> raised() {
            return List.copyOf(raised);
        }
    }
}
