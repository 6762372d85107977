package io.millrace.kafka;

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

        StateStore store(Space space, int partition) {
            await().until(() -> open.containsKey(space + "-" + partition));
            StateStore store = open.get(space + "-" + partition);
            if (store == null) {
                throw new AssertionError("store taken away meanwhile");
            }
            return store;
        }
    }

    /** Remembers what was told, in order. */
    static final class Heard implements Tail.Listener {
        private final List<String> frames = new CopyOnWriteArrayList<>();

        @Override
        public void began(int partition, Mark start) {}

        @Override
        public void told(int partition, Tail.Batch batch) {
            batch.told().forEach(told -> frames.add(partition + " " + told.source() + " " + told.frame()));
        }

        List<String> frames() {
            return List.copyOf(frames);
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
