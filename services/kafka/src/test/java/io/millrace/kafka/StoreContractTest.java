package io.millrace.kafka;

import static io.millrace.kafka.Fixture.NOW_MS;
import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.item;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.KeyPrefix;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Scope;
import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.StoreClosedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of {@link StateStore} and of whoever assigns it, on a real broker and RocksDB. */
class StoreContractTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    @TempDir
    Path wiped;

    private final Fixture.Assigned assigned = new Fixture.Assigned();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private KafkaBackend started(Path folder, TestInfo test) {
        KafkaBackend backend = connected(folder, test);
        backend.start(assigned, (partition, batch) -> {});
        return backend;
    }

    private static KafkaBackend connected(Path folder, TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        return KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), folder, prefix), alarm -> {});
    }

    private static List<String> rows(StateStore.Rows rows) {
        List<String> texts = new ArrayList<>();
        rows.forEachRemaining(row -> texts.add(row.frame().toString()));
        return texts;
    }

    @Test
    void everyPartitionOfBothTopicsIsAssignedAndGivenBack(TestInfo test) {
        try (KafkaBackend backend = started(folder, test)) {
            await().until(() -> assigned.count() == 8);
            await().until(() -> backend.health().ready());
        }
        assertThat(assigned.count()).isZero();
    }

    @Test
    void aCommittedRecordIsInTheStoreOnceItsOffsetIsApplied(TestInfo test) {
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STREAM, 1)) {
            StateStore store = assigned.store(Space.STREAM, 1);
            assertThat(store.appliedOffset()).isEqualTo(-1);
            log.fence();
            for (int i = 0; i < 50; i++) {
                long offset = write(log, put(item("i"), "n" + i));
                await().until(() -> store.appliedOffset() >= offset);
                assertThat(store.get(item("i"))).hasToString("\"n" + i + "\"");
            }
            long deleted = write(log, ChangeRecord.tombstone(item("i")));
            await().until(() -> store.appliedOffset() >= deleted);
            assertThat(store.get(item("i"))).isNull();
        }
    }

    @Test
    void aBarrierIsAppliedAndLeavesNothingBehind(TestInfo test) {
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            long barrier = write(log, ChangeRecord.barrier());
            StateStore store = assigned.store(Space.STATE, 0);
            await().until(() -> store.appliedOffset() >= barrier);

            try (StateStore.Rows rows = store.scan(RecordKey.ofBytes(new byte[0]), null)) {
                assertThat(rows(rows)).isEmpty();
            }
        }
    }

    @Test
    void aScanIsASnapshotWithAnExclusiveEnd(TestInfo test) {
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            long first = write(log, put(state("a"), "a"), put(state("b"), "b"), put(state("c"), "c"));
            StateStore store = assigned.store(Space.STATE, 0);
            await().until(() -> store.appliedOffset() >= first);
            KeyPrefix all = new Scope("s").prefix();

            try (StateStore.Rows whole = store.scan(all.first(), all.after());
                    StateStore.Rows part = store.scan(state("a"), state("c"));
                    StateStore.Rows open = store.scan(state("b"), null)) {
                long second = write(log, put(state("a"), "later"), ChangeRecord.tombstone(state("b")));
                await().until(() -> store.appliedOffset() >= second);

                assertThat(rows(whole)).containsExactly("\"a\"", "\"b\"", "\"c\"");
                assertThat(rows(part)).containsExactly("\"a\"", "\"b\"");
                assertThat(rows(open)).containsExactly("\"b\"", "\"c\"");
                assertThat(store.get(state("a"))).hasToString("\"later\"");
            }
        }
    }

    @Test
    void aStoreThatWasGivenUpSaysSo(TestInfo test) {
        StateStore store;
        StateStore.Rows rows;
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            long last = write(log, put(state("a"), "a"), put(state("b"), "b"));
            store = assigned.store(Space.STATE, 0);
            StateStore open = store;
            await().until(() -> open.appliedOffset() >= last);
            rows = store.scan(state("a"), null);
            assertThat(rows.next().frame()).hasToString("\"a\"");
        }
        assertThatThrownBy(() -> store.get(state("a"))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.scan(state("a"), null)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(rows::hasNext).isInstanceOf(StoreClosedException.class);
        rows.close();
    }

    @Test
    void aWipedStoreComesBackWithoutAbortedValues(TestInfo test) {
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            long last = -1;
            for (int i = 0; i < 50; i++) {
                log.append(List.of(put(state("k" + i), "aborted"), put(state("x" + i), "aborted")), NOW_MS);
                log.fence();
                last = write(log, put(state("k" + i), "good"));
            }
            StateStore store = assigned.store(Space.STATE, 0);
            long end = last;
            await().until(() -> store.appliedOffset() >= end);
            assertThat(goodRows(store)).isEqualTo(50);
            // Committed by the group, so that a wiped store restores these records rather than processes them.
            await().until(() -> backend.streams().orElseThrow().metrics().values().stream()
                    .anyMatch(metric -> metric.metricName().name().equals("commit-total")
                            && metric.metricName().group().equals("stream-thread-metrics")
                            && metric.metricValue() instanceof Double commits
                            && commits > 0));
        }

        try (KafkaBackend backend = started(wiped, test)) {
            await().until(() -> backend.health().ready());
            StateStore store = assigned.store(Space.STATE, 0);
            await().until(() -> goodRows(store) == 50);
        }
    }

    /** All rows; none may come from an aborted transaction. */
    private static int goodRows(StateStore store) {
        try (StateStore.Rows rows = store.scan(RecordKey.ofBytes(new byte[0]), null)) {
            List<String> texts = rows(rows);
            assertThat(texts).doesNotContain("\"aborted\"");
            return texts.size();
        }
    }

    @Test
    void aNodeThatComesBackFindsItsStoresAndCatchesUp(TestInfo test) {
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STREAM, 2)) {
            log.fence();
            long last = write(log, put(item("before"), "1"));
            StateStore store = assigned.store(Space.STREAM, 2);
            await().until(() -> store.appliedOffset() >= last);
        }
        try (KafkaBackend away = connected(wiped, test);
                PartitionLog log = away.logs().open(Space.STREAM, 2)) {
            log.fence();
            write(log, put(item("meanwhile"), "2"));
        }
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STREAM, 2)) {
            StateStore store = assigned.store(Space.STREAM, 2);
            log.fence();
            long barrier = write(log, ChangeRecord.barrier());
            await().until(() -> store.appliedOffset() >= barrier);
            assertThat(store.get(item("before"))).hasToString("\"1\"");
            assertThat(store.get(item("meanwhile"))).hasToString("\"2\"");
        }
    }

    @Test
    void anIteratorMayBeUsedAndClosedByAnotherThread(TestInfo test) throws InterruptedException {
        try (KafkaBackend backend = started(folder, test);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            log.append(
                    IntStream.range(0, 200)
                            .mapToObj(i -> put(state("k" + i), "v" + i))
                            .toList(),
                    NOW_MS);
            log.commit();
            long last = write(log, ChangeRecord.barrier());
            StateStore store = assigned.store(Space.STATE, 0);
            await().until(() -> store.appliedOffset() >= last);

            StateStore.Rows rows = store.scan(state("k"), null);
            List<String> read = new ArrayList<>();
            Thread other = Thread.ofVirtual().start(() -> {
                try (rows) {
                    read.addAll(rows(rows));
                }
            });
            other.join();
            assertThat(read).hasSize(200);
            assertThat(rows.hasNext()).isFalse();
        }
    }
}
