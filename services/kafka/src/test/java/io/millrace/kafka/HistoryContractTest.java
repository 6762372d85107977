package io.millrace.kafka;

import static io.millrace.kafka.Fixture.NOW_MS;
import static io.millrace.kafka.Fixture.item;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.send;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Tail.Batch;
import io.millrace.engine.port.Tail.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the history of the stream topics, on a real broker. */
class HistoryContractTest {
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

    private static String prefix(TestInfo test) {
        return test.getTestMethod().orElseThrow().getName() + ".";
    }

    private KafkaBackend connected(TestInfo test) {
        return KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), folder, prefix(test)), alarm -> {});
    }

    /** What one reading gives. */
    private static final class Read {
        private final List<String> changes = new ArrayList<>();
        private final List<String> events = new ArrayList<>();
        private Mark through = Mark.START;
        private Mark start = Mark.START;

        static Read of(KafkaBackend backend, int partition, Mark after, Mark through) {
            Read read = new Read();
            read.start = backend.history()
                    .read(partition, after, through, read::take)
                    .toCompletableFuture()
                    .join();
            return read;
        }

        private void take(Batch batch) {
            List<String> frames = batch.source() == Source.CHANGE ? changes : events;
            batch.told().forEach(told -> frames.add(told.frame().toString().replace("\"", "")));
            through = through.orLater(
                    switch (batch.source()) {
                        case CHANGE -> new Mark(batch.through(), -1);
                        case EVENT -> new Mark(-1, batch.through());
                    });
        }
    }

    @Test
    void exactlyWhatIsAfterTheOneMarkAndThroughTheOtherIsRead(TestInfo test) {
        Group group = Fixture.groupIn(1);
        try (KafkaBackend backend = connected(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 1)) {
            log.fence();
            long[] offsets = IntStream.range(0, 10)
                    .mapToLong(i -> write(log, put(item("i"), "c" + i)))
                    .toArray();
            for (int i = 0; i < 10; i++) {
                send(backend, group, "e" + i);
            }

            Read read = Read.of(backend, 1, new Mark(offsets[2], 4), new Mark(offsets[6], 7));
            assertThat(read.changes).containsExactly("c3", "c4", "c5", "c6");
            assertThat(read.events).containsExactly("e5", "e6", "e7");
            assertThat(read.start).isEqualTo(new Mark(offsets[2], 4));
            assertThat(read.through).isEqualTo(new Mark(offsets[6], 7));

            Read all = Read.of(backend, 1, Mark.START, new Mark(offsets[9], 9));
            assertThat(all.changes).hasSize(10);
            assertThat(all.events).hasSize(10);
            assertThat(all.start).isEqualTo(Mark.START);

            Read changesOnly = Read.of(backend, 1, new Mark(offsets[8], 9), new Mark(offsets[9], 9));
            assertThat(changesOnly.changes).containsExactly("c9");
            assertThat(changesOnly.events).isEmpty();

            Read nothing = Read.of(backend, 1, new Mark(offsets[9], 9), new Mark(offsets[9], 9));
            assertThat(nothing.changes).isEmpty();
            assertThat(nothing.start).isEqualTo(new Mark(offsets[9], 9));
        }
    }

    @Test
    void moreThanOneFetchIsReadInOrder(TestInfo test) {
        try (KafkaBackend backend = connected(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            long last = -1;
            for (int batch = 0; batch < 50; batch++) {
                int first = batch * 100;
                last = write(
                        log,
                        IntStream.range(first, first + 100)
                                .mapToObj(i -> put(item("i"), "c" + i))
                                .toArray(ChangeRecord[]::new));
            }

            Read read = Read.of(backend, 0, Mark.START, new Mark(last, -1));
            assertThat(read.changes)
                    .isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> "c" + i).toList());
        }
    }

    @Test
    void tombstonesAndBarriersAreReadAndNotGiven(TestInfo test) {
        try (KafkaBackend backend = connected(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            write(log, ChangeRecord.barrier());
            write(log, put(item("i"), "a"), ChangeRecord.tombstone(item("i")), put(item("i"), "b"));
            long last = write(log, ChangeRecord.barrier());

            Read read = Read.of(backend, 0, Mark.START, new Mark(last, -1));
            assertThat(read.changes).containsExactly("a", "b");
            assertThat(read.through).isEqualTo(new Mark(last, -1));
        }
    }

    @Test
    void whatWasAbortedIsNotReadAlsoWhenNothingElseIsThere(TestInfo test) {
        try (KafkaBackend backend = connected(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            long before = write(log, put(item("i"), "before"));
            log.append(List.of(put(item("i"), "aborted")), NOW_MS);
            log.fence();
            long after = write(log, put(item("i"), "after"));

            Read read = Read.of(backend, 0, Mark.START, new Mark(after, -1));
            assertThat(read.changes).containsExactly("before", "after");
            // A mark may be that of a marker: what is followed begins at the end of the log.
            Read aborted = Read.of(backend, 0, new Mark(before, -1), new Mark(after - 1, -1));
            assertThat(aborted.changes).isEmpty();
            assertThat(aborted.start).isEqualTo(new Mark(before, -1));
        }
    }

    @Test
    void whatRetentionHasDeletedIsToldByALaterStart(TestInfo test) {
        Group group = Fixture.groupIn(0);
        try (KafkaBackend backend = connected(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            long first = write(log, put(item("i"), "c0"));
            long last = write(log, put(item("i"), "c1"));
            for (int i = 0; i < 6; i++) {
                send(backend, group, "e" + i);
            }
            Fixture.deleteThrough(broker, prefix(test) + "stream.events", 0, 2);

            Read partly = Read.of(backend, 0, new Mark(first, 0), new Mark(last, 5));
            assertThat(partly.events).containsExactly("e3", "e4", "e5");
            assertThat(partly.changes).containsExactly("c1");
            assertThat(partly.start).isEqualTo(new Mark(first, 2));

            Read notAtAll = Read.of(backend, 0, new Mark(first, 2), new Mark(last, 5));
            assertThat(notAtAll.events).containsExactly("e3", "e4", "e5");
            assertThat(notAtAll.start).isEqualTo(new Mark(first, 2));

            Fixture.deleteThrough(broker, prefix(test) + "stream.events", 0, 5);
            Read allGone = Read.of(backend, 0, new Mark(first, 2), new Mark(last, 4));
            assertThat(allGone.events).isEmpty();
            assertThat(allGone.start).isEqualTo(new Mark(first, 4));

            Fixture.allowDeleting(broker, prefix(test) + "stream.changes");
            Fixture.deleteThrough(broker, prefix(test) + "stream.changes", 0, first);
            Read changesGone = Read.of(backend, 0, Mark.START, new Mark(last, -1));
            assertThat(changesGone.changes).containsExactly("c1");
            assertThat(changesGone.start).isEqualTo(new Mark(first, -1));
        }
    }

    @Test
    void whatIsDeletedWhileItIsReadIsToldByALaterStart(TestInfo test) {
        Group group = Fixture.groupIn(0);
        String large = "x".repeat(60_000);
        AtomicInteger read = new AtomicInteger();
        try (KafkaBackend backend = connected(test)) {
            for (int i = 0; i < 60; i++) {
                send(backend, group, large);
            }
            Mark start = backend.history()
                    .read(0, Mark.START, new Mark(-1, 59), batch -> {
                        if (read.getAndAdd(batch.told().size()) == 0) {
                            Fixture.deleteThrough(broker, prefix(test) + "stream.events", 0, 57);
                        }
                    })
                    .toCompletableFuture()
                    .join();
            assertThat(start).isEqualTo(new Mark(-1, 57));
            assertThat(read.get()).isLessThan(60);
        }
    }

    @Test
    void twoPartitionsAreReadAtOnceAndManyMoreInTurn(TestInfo test) {
        CountDownLatch both = new CountDownLatch(2);
        try (KafkaBackend backend = connected(test)) {
            for (int partition = 0; partition < 4; partition++) {
                send(backend, Fixture.groupIn(partition), "e" + partition);
            }
            List<CompletionStage<Mark>> readings = IntStream.range(0, 2)
                    .mapToObj(partition -> backend.history().read(partition, Mark.START, new Mark(-1, 0), batch -> {
                        both.countDown();
                        Fixture.join(both);
                    }))
                    .toList();
            readings.forEach(reading -> reading.toCompletableFuture().join());

            List<Read> reads = new ArrayList<>();
            List<CompletableFuture<Mark>> many = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Read read = new Read();
                reads.add(read);
                many.add(backend.history()
                        .read(i % 4, Mark.START, new Mark(-1, 0), read::take)
                        .toCompletableFuture());
            }
            many.forEach(CompletableFuture::join);
            for (int i = 0; i < 40; i++) {
                assertThat(reads.get(i).events).containsExactly("e" + i % 4);
            }
        }
    }

    @Test
    void aRecordThatIsNoneOfOursFailsTheReading(TestInfo test) {
        RecordKey foreign = RecordKey.ofBytes("not ours".getBytes(StandardCharsets.UTF_8));
        try (KafkaBackend backend = connected(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            long last = write(log, put(foreign, "bad"));
            assertThatThrownBy(() -> Read.of(backend, 0, Mark.START, new Mark(last, -1)))
                    .hasMessageContaining("cannot be read");
            assertThatThrownBy(() -> backend.history().read(4, Mark.START, Mark.START, batch -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aReaderThatFailsFailsTheReadingAndNoOther(TestInfo test) {
        try (KafkaBackend backend = connected(test)) {
            send(backend, Fixture.groupIn(0), "e");
            assertThatThrownBy(() -> backend.history()
                            .read(0, Mark.START, new Mark(-1, 0), batch -> {
                                throw new IllegalStateException("broken reader");
                            })
                            .toCompletableFuture()
                            .join())
                    .hasMessageContaining("broken reader");
            assertThat(Read.of(backend, 0, Mark.START, new Mark(-1, 0)).events).containsExactly("e");
        }
    }

    @Test
    void closingRefusesWhatWaits(TestInfo test) {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        KafkaBackend backend = connected(test);
        send(backend, Fixture.groupIn(0), "e");
        List<CompletableFuture<Mark>> all = IntStream.range(0, 2 * KafkaHistory.AT_A_TIME)
                .mapToObj(i -> backend.history()
                        .read(0, Mark.START, new Mark(-1, 0), batch -> {
                            reading.countDown();
                            Fixture.join(never);
                        })
                        .toCompletableFuture())
                .toList();
        Fixture.join(reading);
        backend.close();

        assertThat(all).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThatThrownBy(() -> Read.of(backend, 0, Mark.START, new Mark(-1, 0)))
                .hasCauseInstanceOf(LogUnavailableException.class);
    }

    @Test
    void aBrokerThatIsAwayFailsTheReadingInTimeAndOneThatIsBackIsReadAgain(@TempDir Path otherBroker) {
        int port = Ports.free();
        EmbeddedBroker other = EmbeddedBroker.start(EmbeddedBrokerConfig.local(otherBroker, port));
        ClusterConfig cluster = new ClusterConfig("127.0.0.1:" + port, Map.of(), Duration.ofSeconds(2), false);
        TopicsConfig topics = new TopicsConfig("away.", OptionalInt.of(4), 1, TopicsConfig.HISTORY, 64 << 10);
        KafkaBackendConfig config = new KafkaBackendConfig("node-1", folder, cluster, topics, StoreConfig.alone());
        try (KafkaBackend backend = KafkaBackend.connect(config, alarm -> {})) {
            send(backend, Fixture.groupIn(0), "e0");
            Mark through = new Mark(-1, 0);
            assertThat(Read.of(backend, 0, Mark.START, through).events).containsExactly("e0");
            other.close();
            assertThatThrownBy(() -> Read.of(backend, 0, Mark.START, through))
                    .hasCauseInstanceOf(LogUnavailableException.class);

            other = EmbeddedBroker.start(EmbeddedBrokerConfig.local(otherBroker, port));
            assertThat(Read.of(backend, 0, Mark.START, through).events).containsExactly("e0");
        } finally {
            other.close();
        }
    }

    @Test
    void theEpochIsTheSameForEverAndAnotherForTopicsMadeAnew(TestInfo test) {
        String epoch;
        try (KafkaBackend backend = connected(test)) {
            epoch = backend.epoch();
            assertThat(epoch).matches("[0-9a-z]{8}");
        }
        try (KafkaBackend again = connected(test)) {
            assertThat(again.epoch()).isEqualTo(epoch);
        }
        Fixture.deleteTopic(broker, prefix(test) + "stream.events");
        try (KafkaBackend anew = connected(test)) {
            assertThat(anew.epoch()).matches("[0-9a-z]{8}").isNotEqualTo(epoch);
        }
    }
}
