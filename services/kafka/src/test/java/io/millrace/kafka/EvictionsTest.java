package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Space;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.TopicPartition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are taken out of their groups, dead ones and, by mistake, living ones. */
class EvictionsTest {
    private static final int ALL = 8;
    private static final Set<String> STATE = Set.of("state.changes");

    @TempDir
    Path brokerFolder;

    @TempDir
    Path folder;

    private final Fixture.Assigned first = new Fixture.Assigned();
    private final Fixture.Assigned second = new Fixture.Assigned();
    private final Fixture.Alarms alarms = new Fixture.Alarms();
    private EmbeddedBroker broker;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    /** @param fleet if not, it remains a member when it is closed, as if it had been killed */
    private KafkaBackend started(String node, boolean fleet, Fixture.Assigned assigned) {
        return started(node, node, fleet, assigned, () -> false);
    }

    private KafkaBackend started(
            String node, String where, boolean fleet, Fixture.Assigned assigned, BooleanSupplier replaced) {
        // A session far longer than the test: nothing here happens because one expired.
        StoreConfig store = new StoreConfig(1, 0, Duration.ofSeconds(60), 16 << 20, fleet);
        TopicsConfig topics = new TopicsConfig("millrace.", OptionalInt.of(ALL / 2), 1, TopicsConfig.HISTORY, 64 << 10);
        KafkaBackend backend = KafkaBackend.connect(
                new KafkaBackendConfig(node, folder.resolve(where), ClusterConfig.of(broker), topics, store), alarms);
        backend.start(assigned, (partition, batch) -> {}, replaced);
        return backend;
    }

    private static int evict(KafkaBackend by, String node) {
        return by.evictions().evict(node).toCompletableFuture().join();
    }

    /** Remembers what it is brought, and what of. */
    private static final class Member implements ConsumerGroups.Listener {
        private final Set<TopicPartition> has = ConcurrentHashMap.newKeySet();
        private final List<String> texts = new CopyOnWriteArrayList<>();

        @Override
        public void assigned(ConsumerGroups.Membership membership, TopicPartition at) {
            has.add(at);
        }

        @Override
        public void received(TopicPartition at, List<Received> records) {
            records.forEach(record -> texts.add(String.valueOf(record.value())));
        }

        @Override
        public void revoked(TopicPartition at, boolean lost) {
            has.remove(at);
        }
    }

    @Test
    void theOthersGetADeadNodesPartitionsWithoutWaitingForItsSession() {
        try (KafkaBackend dying = started("node", false, first)) {
            await().until(() -> first.count() == ALL);
            await().until(() -> dying.lease().held());
        }
        try (KafkaBackend staying = started("node-1", true, second)) {
            assertThat(evict(staying, "node")).isEqualTo(1);
            await().until(() -> second.count() == ALL);
            assertThat(evict(staying, "node")).isZero();
        }
        assertThat(alarms.raised()).isEmpty();
    }

    @Test
    void aLivingNodeThatIsEvictedJoinsAgainByItself() {
        try (KafkaBackend mistaken = started("node-1", true, first);
                KafkaBackend staying = started("node-2", true, second)) {
            await().until(() -> first.count() + second.count() == ALL && first.count() > 0 && second.count() > 0);
            StateStore before = first.anyStore();

            assertThat(evict(staying, "node-1")).isEqualTo(1);

            // Its copies are taken from it and come back: an owner has to fence and to catch up anew.
            await().until(() -> first.count() > 0 && !first.has(before));
            await().until(() -> first.count() + second.count() == ALL);
            await().until(() -> mistaken.lease().held() && mistaken.health().ready());
            try (PartitionLog log = mistaken.logs().open(Space.STATE, 0)) {
                log.fence();
                assertThat(write(log, put(state("k"), "v"))).isNotNegative();
            }
        }
        assertThat(alarms.raised()).isEmpty();
    }

    @Test
    void aNodeWhoseMembershipWasReplacedByNobodyWhoIsThereJoinsAgain() {
        try (KafkaBackend node = started("node", false, first)) {
            await().until(() -> first.count() == ALL);
            StateStore before = first.anyStore();
            try (KafkaBackend _ = started("node", "elsewhere", false, second, () -> false)) {
                await().until(() -> second.count() > 0);
            }
            await().until(() -> first.count() == ALL && !first.has(before));
            await().until(() -> node.lease().held() && node.health().ready());
        }
        assertThat(alarms.raised()).isEmpty();
    }

    @Test
    void aNodeWhoseNameAnotherProcessHasTakenGivesUpForGood() {
        AtomicBoolean replaced = new AtomicBoolean();
        try (KafkaBackend node = started("node", "node", false, first, replaced::get)) {
            await().until(() -> first.count() == ALL);
            replaced.set(true);
            try (KafkaBackend _ = started("node", "elsewhere", false, second, () -> false)) {
                await().until(() -> alarms.raised().size() == 1);
                await().until(() -> second.count() == ALL && !node.health().ready());
            }
        }
        assertThat(alarms.raised().getFirst())
                .isInstanceOfSatisfying(
                        Alarm.StoreFailed.class,
                        failed -> assertThat(failed.recovering()).isFalse());
    }

    @Test
    void aMemberOfATriggersGroupThatIsEvictedJoinsAgainAndMissesNothing() {
        Member member = new Member();
        try (KafkaBackend node = started("node-1", true, first);
                PartitionLog log = node.logs().open(Space.STATE, 0)) {
            node.groups().prepare("trigger.t", STATE).toCompletableFuture().join();
            log.fence();
            try (var _ = node.groups().join("trigger.t", STATE, member)) {
                await().until(() -> member.has.size() == ALL / 2 && first.count() == ALL);

                assertThat(evict(node, "node-1")).isEqualTo(2);

                write(log, put(state("k"), "after"));
                await().until(() -> member.texts.contains("\"after\""));
                await().until(() -> member.has.size() == ALL / 2);
            }
        }
    }

    @Test
    void aNodeWhoseNameIsTheBeginningOfAnothersIsNotTakenForIt() {
        Member member = new Member();
        try (KafkaBackend node = started("node-1", true, first)) {
            node.groups().prepare("trigger.t", STATE).toCompletableFuture().join();
            try (var _ = node.groups().join("trigger.t", STATE, member)) {
                await().until(() -> member.has.size() == ALL / 2 && first.count() == ALL);

                assertThat(evict(node, "node")).isZero();
            }
        }
    }

    @Test
    void aNodeThatWasAsleepAndEvictedComesBackWithoutAnAlarm() throws Exception {
        try (ForkedNode asleep = new ForkedNode("node-1", broker.bootstrapServers(), folder, 0);
                FailoverNode awake = new FailoverNode("node-2", broker.bootstrapServers(), folder, 0)) {
            await().until(() ->
                    asleep.serves().size() == ALL / 2 && awake.served().size() == ALL / 2);

            asleep.signal("STOP");
            assertThat(evict(awake.backend(), "node-1")).isEqualTo(1);
            await().until(() -> awake.served().size() == ALL);
            asleep.signal("CONT");

            // It finds out, gives up what it had, and joins again.
            await().until(() ->
                    awake.served().size() == ALL / 2 && asleep.serves().size() == ALL / 2);
            assertThat(asleep.alarms()).isEmpty();
        }
    }
}
