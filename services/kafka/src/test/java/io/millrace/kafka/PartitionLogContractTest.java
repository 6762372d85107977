package io.millrace.kafka;

import static io.millrace.kafka.Fixture.NOW_MS;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.replayed;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.text;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.port.FencedException;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of {@link PartitionLog} on a real broker. Each test has topics of its own. */
class PartitionLogContractTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private KafkaBackend connect(String prefix, boolean pingPong) {
        ClusterConfig cluster =
                new ClusterConfig(broker.bootstrapServers(), Map.of(), Duration.ofSeconds(10), pingPong);
        return KafkaBackend.connect(Fixture.config(cluster, folder, prefix), alarm -> {});
    }

    private static String prefix(TestInfo test, boolean pingPong) {
        return test.getTestMethod().orElseThrow().getName() + (pingPong ? ".two." : ".one.");
    }

    @ParameterizedTest(name = "ping-pong {0}")
    @ValueSource(booleans = {false, true})
    void committedRecordsAreReadInOrderWithWhatTheyCarry(boolean pingPong, TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, pingPong), pingPong);
                PartitionLog log = backend.logs().open(Space.STATE, 1)) {
            ChangeRecord full = new ChangeRecord(
                    state("k"),
                    Json.ofText("{\"new\":1}"),
                    new MutationId("m-1"),
                    Json.ofText("{\"old\":0}"),
                    Json.ofText("[]"),
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            log.fence();
            write(log, full);
            long last = write(log, ChangeRecord.tombstone(state("k")), ChangeRecord.barrier());

            List<ChangeRecord> read = new ArrayList<>();
            log.replay(0, 1_000, last, (offset, record) -> read.add(record));

            assertThat(read).containsExactly(full, ChangeRecord.tombstone(state("k")), ChangeRecord.barrier());
        }
    }

    @ParameterizedTest(name = "ping-pong {0}")
    @ValueSource(booleans = {false, true})
    void offsetsGrowAndLeaveRoomForCommitMarkers(boolean pingPong, TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, pingPong), pingPong);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            List<Long> offsets = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                PartitionLog.Offsets batch = log.append(List.of(put(state("a"), "x"), put(state("b"), "y")), NOW_MS);
                offsets.add(batch.at(0));
                offsets.add(batch.at(1));
                log.commit();
            }

            assertThat(offsets).isSorted().doesNotHaveDuplicates();
            assertThat(offsets.getLast()).isGreaterThan(39L);
            assertThat(replayed(log, 0, 1_000, offsets.getLast())).hasSize(40);
        }
    }

    @ParameterizedTest(name = "ping-pong {0}")
    @ValueSource(booleans = {false, true})
    void aZombiesCommitFailsAndNothingOfItIsVisible(boolean pingPong, TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, pingPong), pingPong);
                PartitionLog zombie = backend.logs().open(Space.STATE, 2);
                PartitionLog owner = backend.logs().open(Space.STATE, 2)) {
            zombie.fence();
            write(zombie, put(state("k"), "before"));
            zombie.append(List.of(put(state("k"), "zombie")), NOW_MS);

            owner.fence();
            assertThatThrownBy(zombie::commit).isInstanceOf(FencedException.class);
            long last = write(owner, ChangeRecord.barrier());

            assertThat(replayed(owner, 0, 1_000, last)).containsExactly("\"before\"", "-");
        }
    }

    @ParameterizedTest(name = "ping-pong {0}")
    @ValueSource(booleans = {false, true})
    void aZombieThatWasIdleCannotAppendEither(boolean pingPong, TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, pingPong), pingPong);
                PartitionLog zombie = backend.logs().open(Space.STATE, 2);
                PartitionLog owner = backend.logs().open(Space.STATE, 2)) {
            zombie.fence();
            write(zombie, put(state("k"), "before"));
            owner.fence();
            long last = write(owner, ChangeRecord.barrier());

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> write(zombie, put(state("k"), "zombie")))
                        .isInstanceOfAny(FencedException.class, IllegalStateException.class);
            }

            assertThat(replayed(owner, 0, 1_000, last)).containsExactly("\"before\"", "-");
        }
    }

    @Test
    void fencingAgainAbortsWhatWasOpenAndTheLogGoesOn(TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, true), true);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            log.append(List.of(put(state("k"), "never committed")), NOW_MS);
            log.fence();
            long last = write(log, put(state("k"), "after"));

            assertThat(replayed(log, 0, 1_000, last)).containsExactly("\"after\"");
        }
    }

    @Test
    void afterCloseTheNextOwnerNeedNotWaitForTheOpenTransaction(TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, false), false)) {
            PartitionLog dead = backend.logs().open(Space.STATE, 3);
            dead.fence();
            dead.append(List.of(put(state("k"), "lost")), NOW_MS);
            dead.close();

            try (PartitionLog owner = backend.logs().open(Space.STATE, 3)) {
                owner.fence();
                long last = write(owner, ChangeRecord.barrier());
                assertThat(replayed(owner, 0, 1_000, last)).containsExactly("-");
            }
        }
    }

    @Test
    void withTwoProducersManyTransactionsStayInOrder(TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, true), true);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            long last = -1;
            for (int i = 0; i < 300; i++) {
                last = write(log, put(state("k"), "n" + i));
            }

            assertThat(replayed(log, 0, 1_000, last))
                    .isEqualTo(IntStream.range(0, 300)
                            .mapToObj(i -> "\"n" + i + "\"")
                            .toList());
        }
    }

    @Test
    void aReplayNeverGoesBackFurtherThanTheLimit(TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, false), false);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            log.append(
                    IntStream.range(0, 50)
                            .mapToObj(i -> put(state("k"), "n" + i))
                            .toList(),
                    NOW_MS);
            log.commit();
            long last = write(log, put(state("k"), "last"));

            List<String> visited = replayed(log, 0, 10, last);

            assertThat(visited).hasSizeBetween(8, 10).endsWith("\"n49\"", "\"last\"");
        }
    }

    @Test
    void aReplayReadsEverythingSinceATimeAndTheLastOnesHoweverOld(TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, false), false);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            long last = -1;
            int old = Replays.ALWAYS + 1_000;
            for (int from = 0; from < old; from += 500) {
                int first = from;
                PartitionLog.Offsets offsets = log.append(
                        IntStream.range(0, 500)
                                .mapToObj(i -> put(state("k"), "n" + (first + i)))
                                .toList(),
                        NOW_MS - 100_000 + from);
                log.commit();
                last = offsets.at(499);
            }

            // Commit markers have times of their own, those of the broker.
            long later = System.currentTimeMillis() + 60_000;
            assertThat(replayed(log, later, 100_000, last)).hasSizeBetween(Replays.ALWAYS - 10, Replays.ALWAYS);
            assertThat(replayed(log, NOW_MS - 100_000 + 500, 100_000, last))
                    .hasSizeBetween(old - 500, old)
                    .contains("\"n500\"");
            assertThat(replayed(log, 0, 100_000, last)).hasSize(old);
        }
    }

    @Test
    void callsOutOfOrderAreRefused(TestInfo test) {
        try (KafkaBackend backend = connect(prefix(test, false), false);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            assertThatThrownBy(() -> log.append(List.of(ChangeRecord.barrier()), NOW_MS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not fenced");
            log.fence();
            assertThatThrownBy(log::commit).isInstanceOf(IllegalStateException.class);
            assertThat(text(ChangeRecord.barrier())).isEqualTo("-");
            assertThatThrownBy(() -> backend.logs().open(Space.STATE, 4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("0 to 3");
        }
    }

    @Test
    void aLogThatCannotBeReadThroughSaysSo(TestInfo test) {
        ClusterConfig impatient = new ClusterConfig(broker.bootstrapServers(), Map.of(), Duration.ofSeconds(1), false);
        try (KafkaBackend backend =
                        KafkaBackend.connect(Fixture.config(impatient, folder, prefix(test, false)), alarm -> {});
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            long last = write(log, ChangeRecord.barrier());

            assertThatThrownBy(() -> replayed(log, 0, 10, last + 100))
                    .isInstanceOf(LogUnavailableException.class)
                    .hasMessageContaining("stuck");
        }
    }
}
