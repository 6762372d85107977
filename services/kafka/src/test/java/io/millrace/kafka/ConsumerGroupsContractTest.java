package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.ConsumerGroups;
import io.millrace.engine.port.ConsumerGroups.Membership;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.TopicPartition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of consumer groups, on a real broker. */
class ConsumerGroupsContractTest {
    private static final Set<String> STATE = Set.of("state.changes");
    private static final TopicPartition FIRST = new TopicPartition("state.changes", 0);

    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    private final Reader reader = new Reader();
    private String prefix = "";

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        prefix = test.getTestMethod().orElseThrow().getName() + ".";
    }

    private KafkaBackend connected(String nodeId) {
        TopicsConfig topics = new TopicsConfig(prefix, OptionalInt.of(2), 1, TopicsConfig.HISTORY, 64 << 10);
        return KafkaBackend.connect(
                new KafkaBackendConfig(
                        nodeId, folder.resolve(nodeId), ClusterConfig.of(broker), topics, StoreConfig.alone()),
                new Fixture.Alarms());
    }

    private static PartitionLog fenced(KafkaBackend backend, int partition) {
        PartitionLog log = backend.logs().open(Space.STATE, partition);
        log.fence();
        return log;
    }

    private static void prepare(KafkaBackend backend) {
        backend.groups().prepare("group", STATE).toCompletableFuture().join();
    }

    /** Waits until a commit that has returned is visible, which takes a moment. */
    private void settled(long offset) {
        org.apache.kafka.common.TopicPartition at =
                new org.apache.kafka.common.TopicPartition(prefix + "state.changes", 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            await().until(() -> admin.listOffsets(
                                    Map.of(at, OffsetSpec.latest()),
                                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .partitionResult(at)
                            .get()
                            .offset()
                    > offset);
        }
    }

    @Test
    void aNewGroupIsBroughtWhatIsWrittenAfterItWasPreparedAndNothingBefore() {
        try (KafkaBackend backend = connected("node-1");
                PartitionLog log = fenced(backend, 0)) {
            settled(write(log, put(state("k"), "before")));
            prepare(backend);
            write(log, put(state("k"), "between"), ChangeRecord.tombstone(state("gone")));
            try (Membership member = backend.groups().join("group", STATE, reader)) {
                await().until(() -> reader.texts().size() == 2);
                write(log, put(state("k"), "after"));
                await().until(() -> reader.texts().size() == 3);
                assertThat(member.lag()).isNotNegative();
            }

            assertThat(reader.texts()).containsExactly("0 \"between\"", "0 -", "0 \"after\"");
            assertThat(reader.owned).isEmpty();
        }
    }

    @Test
    void aKnownGroupGoesOnWhereItWasDoneAlsoIfItIsPreparedAgain() {
        try (KafkaBackend backend = connected("node-1");
                PartitionLog log = fenced(backend, 0)) {
            prepare(backend);
            write(log, put(state("k"), "one"));
            long second = write(log, put(state("k"), "two"));
            try (Membership member = backend.groups().join("group", STATE, reader)) {
                await().until(() -> reader.texts().size() == 2);
                member.done(FIRST, second);
            }
            write(log, put(state("k"), "three"));
            prepare(backend);
            Reader next = new Reader();
            try (Membership _ = backend.groups().join("group", STATE, next)) {
                await().until(() -> next.texts().size() == 2);
            }

            assertThat(next.texts()).containsExactly("0 \"two\"", "0 \"three\"");
        }
    }

    @Test
    void whatIsDoneIsWrittenSoonWithoutLeaving() {
        try (KafkaBackend backend = connected("node-1");
                PartitionLog log = fenced(backend, 0)) {
            prepare(backend);
            long offset = write(log, put(state("k"), "one"));
            try (Membership member = backend.groups().join("group", STATE, reader)) {
                await().until(() -> reader.texts().size() == 1);
                member.done(FIRST, offset + 1);

                await().until(() -> committed(prefix + "group", 0) == offset + 1);
            }
        }
    }

    private static long committed(String group, int partition) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(place -> place.getKey().partition() == partition)
                    .mapToLong(place -> place.getValue().offset())
                    .findFirst()
                    .orElse(-1);
        }
    }

    @Test
    void aPausedPartitionBringsNothingUntilItIsResumedAndTheOtherGoesOn() {
        try (KafkaBackend backend = connected("node-1");
                PartitionLog log = fenced(backend, 0);
                PartitionLog other = fenced(backend, 1)) {
            prepare(backend);
            try (Membership member = backend.groups().join("group", STATE, reader)) {
                write(log, put(state("k"), "first"));
                await().until(() -> reader.texts().size() == 1);
                member.pause(FIRST);
                write(other, put(state("k"), "seen before the pause took effect"));
                await().until(() -> reader.texts().size() == 2);
                write(log, put(state("k"), "paused"));
                write(other, put(state("k"), "other"));
                await().until(() -> reader.texts().contains("1 \"other\""));
                assertThat(reader.texts()).doesNotContain("0 \"paused\"");
                member.resume(FIRST);

                await().until(() -> reader.texts().contains("0 \"paused\""));
            }
        }
    }

    @Test
    void aMemberThatLeavesHandsItsPartitionsOverAtOnce() {
        try (KafkaBackend one = connected("node-1");
                KafkaBackend two = connected("node-2");
                PartitionLog log = fenced(one, 0)) {
            prepare(one);
            prepare(two);
            Membership first = one.groups().join("group", STATE, reader);
            await().until(() -> reader.owned.size() == 2);
            Reader other = new Reader();
            try (Membership _ = two.groups().join("group", STATE, other)) {
                await().until(() -> reader.owned.size() == 1 && other.owned.size() == 1);
                first.close();
                await().until(() -> other.owned.size() == 2);
                write(log, put(state("k"), "x"));

                await().until(() -> other.texts().contains("0 \"x\""));
            }
        }
    }

    @Test
    void aDeletedGroupBeginsAnew() {
        try (KafkaBackend backend = connected("node-1");
                PartitionLog log = fenced(backend, 0)) {
            ConsumerGroups groups = backend.groups();
            prepare(backend);
            groups.join("group", STATE, reader).leave();
            groups.delete("group").toCompletableFuture().join();
            groups.delete("group").toCompletableFuture().join();
            settled(write(log, put(state("k"), "nobody's")));
            prepare(backend);
            write(log, put(state("k"), "new"));
            try (Membership _ = groups.join("group", STATE, reader)) {
                await().until(() -> !reader.texts().isEmpty());
            }

            assertThat(reader.texts()).containsExactly("0 \"new\"");
        }
    }

    @Test
    void aGroupOfATopicThatIsNotThereCannotBePrepared() {
        try (KafkaBackend backend = connected("node-1")) {
            assertThatThrownBy(() -> backend.groups()
                            .prepare("group", Set.of("nothing"))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(LogUnavailableException.class);
        }
    }

    @Test
    void whoJoinsWhileTheOneBeforeIsStillLeavingWaitsForIt() {
        try (KafkaBackend backend = connected("node-1");
                PartitionLog log = fenced(backend, 0)) {
            prepare(backend);
            backend.groups().join("group", STATE, reader);
            await().until(() -> reader.owned.size() == 2);
            Reader next = new Reader();
            try (Membership _ = backend.groups().join("group", STATE, next)) {
                write(log, put(state("k"), "x"));

                await().until(() -> next.texts().contains("0 \"x\""));
                assertThat(reader.owned).isEmpty();
            }
        }
    }

    @Test
    void onlyGroupsThatNobodyHasUsedForLongAreSwept() throws Exception {
        String bootstrap = broker.bootstrapServers();
        try (KafkaBackend backend = connected("node-1");
                Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            assertThat(backend.clusterId()).isNotEmpty();
            Set<String> topics = Set.of(prefix + "state.changes");
            Instant now = Instant.parse("2026-01-02T00:00:00Z");
            GroupPlaces then = new GroupPlaces(admin, () -> now.minus(Duration.ofHours(30)));
            GroupPlaces today = new GroupPlaces(admin, () -> now);
            then.prepare(prefix + "auto-old", topics).toCompletableFuture().join();
            then.prepare(prefix + "named", topics).toCompletableFuture().join();
            today.prepare(prefix + "auto-new", topics).toCompletableFuture().join();

            today.sweep(prefix + "auto-", Duration.ofDays(1));

            await().until(() -> groups(admin, prefix).equals(Set.of(prefix + "auto-new", prefix + "named")));
        }
    }

    private static Set<String> groups(Admin admin, String prefix) throws Exception {
        return admin.listGroups().all().get().stream()
                .map(group -> group.groupId())
                .filter(group -> group.startsWith(prefix))
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void aBrokerThatGoesAwayCostsAGroupNothingButTime(@TempDir Path ownFolder) {
        int port = Ports.free();
        EmbeddedBroker own = EmbeddedBroker.start(EmbeddedBrokerConfig.local(ownFolder, port));
        TopicsConfig topics = new TopicsConfig(prefix, OptionalInt.of(1), 1, TopicsConfig.HISTORY, 64 << 10);
        ClusterConfig cluster = new ClusterConfig("127.0.0.1:" + port, Map.of(), Duration.ofSeconds(5), false);
        KafkaBackendConfig config = new KafkaBackendConfig("node-1", folder, cluster, topics, StoreConfig.alone());
        try (KafkaBackend backend = KafkaBackend.connect(config, alarm -> {});
                PartitionLog log = fenced(backend, 0)) {
            prepare(backend);
            write(log, put(state("k"), "before"));
            try (Membership member = backend.groups().join("group", STATE, reader)) {
                await().until(() -> reader.texts().size() == 1);
                own.close();
                assertThat(member.lag()).isNotNegative();
                own = EmbeddedBroker.start(EmbeddedBrokerConfig.local(ownFolder, port));
                await().until(() -> fencedAgain(log));
                write(log, put(state("k"), "after"));

                await().until(() -> reader.texts().contains("0 \"after\""));
            }
        } finally {
            own.close();
        }
    }

    private static boolean fencedAgain(PartitionLog log) {
        try {
            log.fence();
            return true;
        } catch (LogUnavailableException e) {
            return false;
        }
    }

    private static String text(Received record) {
        return record.at().partition() + " " + (record.value() == null ? "-" : record.value());
    }

    /** Remembers what it is brought, without the owners' barriers. */
    private static final class Reader implements ConsumerGroups.Listener {
        private final List<Received> records = new CopyOnWriteArrayList<>();
        private final Set<TopicPartition> owned = ConcurrentHashMap.newKeySet();

        @Override
        public void assigned(Membership by, TopicPartition at) {
            owned.add(at);
        }

        @Override
        public void received(TopicPartition at, List<Received> batch) {
            records.addAll(batch);
        }

        @Override
        public void revoked(TopicPartition at, boolean lost) {
            owned.remove(at);
        }

        List<String> texts() {
            return records.stream().map(ConsumerGroupsContractTest::text).toList();
        }
    }
}
