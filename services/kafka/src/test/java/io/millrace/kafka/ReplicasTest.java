package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Replicas;
import io.millrace.engine.port.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies that are read beside their owners. */
class ReplicasTest {
    private static final int ALL = 4;

    @TempDir
    Path brokerFolder;

    @TempDir
    Path folder;

    private final Fixture.Assigned first = new Fixture.Assigned();
    private final Fixture.Assigned second = new Fixture.Assigned();
    private EmbeddedBroker broker;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    /** One that remains a member when it is closed, as if it had been killed. */
    private KafkaBackend started(String node, int standbys, Fixture.Assigned assigned) {
        StoreConfig store = new StoreConfig(1, standbys, Duration.ofSeconds(60), 16 << 20, false);
        TopicsConfig topics = new TopicsConfig("millrace.", OptionalInt.of(ALL / 2), 1, TopicsConfig.HISTORY, 64 << 10);
        KafkaBackend backend = KafkaBackend.connect(
                new KafkaBackendConfig(node, folder.resolve(node), ClusterConfig.of(broker), topics, store),
                alarm -> {});
        backend.start(assigned, (partition, batch) -> {});
        return backend;
    }

    private static Replicas.Replica replica(KafkaBackend of, int partition) {
        await().until(() -> of.replicas().replica(Space.STATE, partition) != null);
        Replicas.Replica replica = of.replicas().replica(Space.STATE, partition);
        if (replica == null) {
            throw new AssertionError("copy taken away meanwhile");
        }
        return replica;
    }

    private static List<String> rows(StateStore store) {
        List<String> texts = new ArrayList<>();
        try (StateStore.Rows rows = store.scan(RecordKey.ofBytes(new byte[0]), null)) {
            rows.forEachRemaining(row -> texts.add(row.frame().toString()));
        }
        return texts;
    }

    @Test
    void aStandbyIsReadWithItsPositionAndTheTimeWhenItLackedNothing() {
        try (KafkaBackend owner = started("node-1", 1, first);
                KafkaBackend standby = started("node-2", 1, second)) {
            await().until(() -> first.count() == ALL / 2 && second.count() == ALL / 2);
            int owned = first.has(Space.STATE, 0) ? 0 : 1;
            long beforeMs = System.currentTimeMillis();
            long written;
            try (PartitionLog log = owner.logs().open(Space.STATE, owned)) {
                log.fence();
                written = write(log, put(state("a"), "1"), put(state("b"), "2"));
            }
            await().until(() -> replica(standby, owned).store().appliedOffset() >= written);
            StateStore store = replica(standby, owned).store();
            assertThat(store.get(state("a"))).hasToString("\"1\"");
            assertThat(store.get(state("c"))).isNull();
            assertThat(rows(store)).containsExactly("\"1\"", "\"2\"");

            await().until(() -> replica(standby, owned).currentMs() > beforeMs);
            // Nothing is written, and it is known to lack nothing all the same.
            long seenMs = replica(standby, owned).currentMs();
            await().until(() -> replica(standby, owned).currentMs() > seenMs);
        }
    }

    @Test
    void aStandbyThatLacksSomethingSaysSinceWhen() {
        KafkaBackend owner = started("node-1", 1, first);
        try (KafkaBackend standby = started("node-2", 1, second)) {
            await().until(() -> first.count() == ALL / 2 && second.count() == ALL / 2);
            int owned = first.has(Space.STATE, 0) ? 0 : 1;
            long written;
            try (PartitionLog log = owner.logs().open(Space.STATE, owned)) {
                log.fence();
                written = write(log, put(state("k"), "old"));
            }
            await().until(() -> replica(standby, owned).store().appliedOffset() >= written);
            await().until(() -> replica(standby, owned).currentMs() > 0);
            owner.close();
            // Somebody writes what the standby does not get, for nobody has the partition now.
            try (PartitionLog log = standby.logs().open(Space.STATE, owned)) {
                log.fence();
                write(log, put(state("k"), "new"));
            }
            long doneMs = System.currentTimeMillis();
            Replicas.Replica other = replica(standby, 1 - owned);
            await().until(() -> replica(standby, 1 - owned).currentMs() > Math.max(doneMs, other.currentMs()));

            Replicas.Replica behind = replica(standby, owned);
            assertThat(behind.store().get(state("k"))).hasToString("\"old\"");
            assertThat(behind.currentMs()).isBetween(1L, doneMs);
            assertThat(behind.store().appliedOffset()).isEqualTo(written);
        } finally {
            owner.close();
        }
    }

    @Test
    void anOwnersCopyIsOneToo() {
        try (KafkaBackend owner = started("node-1", 0, first);
                PartitionLog log = owner.logs().open(Space.STATE, 0)) {
            await().until(() -> first.count() == ALL);
            log.fence();
            long written = write(log, put(state("k"), "v"));
            await().until(() -> replica(owner, 0).store().appliedOffset() >= written);
            assertThat(replica(owner, 0).store().get(state("k"))).hasToString("\"v\"");
            long askedMs = System.currentTimeMillis();
            await().until(() -> replica(owner, 0).currentMs() >= askedMs);
        }
    }

    @Test
    void aNodeThatKeepsNoCopyOfAPartitionSaysSo() {
        try (KafkaBackend one = started("node-1", 0, first);
                KafkaBackend other = started("node-2", 0, second)) {
            await().until(() -> first.count() == ALL / 2 && second.count() == ALL / 2);
            int owned = first.has(Space.STATE, 0) ? 0 : 1;
            await().until(() -> one.replicas().replica(Space.STATE, owned) != null);
            assertThat(other.replicas().replica(Space.STATE, owned)).isNull();
        }
    }
}
