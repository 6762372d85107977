package io.millrace.kafka;

import static io.millrace.kafka.Fixture.NOW_MS;
import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.item;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Mark;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Tail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the tail and of the event log, on a real broker. */
class TailContractTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    private final Fixture.Heard heard = new Fixture.Heard();
    private final Fixture.Alarms alarms = new Fixture.Alarms();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private KafkaBackend started(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        KafkaBackend backend = KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), folder, prefix), alarms);
        backend.start(new Fixture.Assigned(), heard);
        return backend;
    }

    private static void follow(KafkaBackend backend, int partition) {
        backend.tail().follow(partition).toCompletableFuture().join();
    }

    @Test
    void everyChangeCommittedAfterFollowIsToldOnceAndInOrder(TestInfo test) {
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 1)) {
            log.fence();
            write(log, put(item("i"), "before"));
            follow(backend, 1);
            for (int i = 0; i < 100; i++) {
                write(log, put(item("i"), "n" + i), ChangeRecord.tombstone(item("gone")));
            }

            await().until(() -> heard.frames().contains("1 CHANGE \"n99\""));
            List<String> frames = heard.frames().stream()
                    .filter(frame -> !frame.contains("before"))
                    .toList();
            assertThat(frames)
                    .isEqualTo(IntStream.range(0, 100)
                            .mapToObj(i -> "1 CHANGE \"n" + i + "\"")
                            .toList());
            assertThat(alarms.raised()).isEmpty();
        }
    }

    @Test
    void aPartitionBeginsAtAMarkBeforeAnythingIsToldAndEveryBatchSaysHowFarItWent(TestInfo test) {
        Group group = Fixture.groupIn(1);
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 1)) {
            log.fence();
            long before = write(log, put(item("i"), "before"));
            Fixture.send(backend, group, "unheard");
            follow(backend, 1);

            Mark start = heard.mark(1);
            assertThat(heard.beginnings()).containsExactly(start);
            assertThat(start.covers(new Mark(before, 0))).isTrue();

            write(log, put(item("i"), "first"));
            Fixture.send(backend, group, "event");
            long barrier = write(log, ChangeRecord.barrier());
            await().until(() -> heard.mark(1).covers(new Mark(barrier, 1)));
            assertThat(heard.frames()).containsExactlyInAnyOrder("1 CHANGE \"first\"", "1 EVENT \"event\"");

            long tombstone = write(log, put(item("i"), "last"), ChangeRecord.tombstone(item("i")));
            await().until(() -> heard.mark(1).covers(new Mark(tombstone, 1)));
            assertThat(heard.beginnings()).containsExactly(start);
        }
    }

    @Test
    void whoHasFollowedForLongAndWhoBeginsNowHaveTheSameMark(TestInfo test) {
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            follow(backend, 0);
            long last = write(log, put(item("i"), "committed"));
            // Behind it is the marker of its transaction.
            await().until(() -> heard.mark(0).change() == last + 1);

            log.append(List.of(put(item("i"), "aborted")), NOW_MS);
            log.fence();
            await().until(() -> heard.mark(0).change() == last + 3);
            Mark followed = heard.mark(0);
            backend.tail().unfollow(0);
            follow(backend, 0);

            assertThat(heard.beginnings().getLast()).isEqualTo(followed);
        }
    }

    @Test
    void anEventSaysAfterWhichChangeItIsToBeTold(TestInfo test) {
        Group group = Fixture.groupIn(0);
        try (KafkaBackend backend = started(test)) {
            follow(backend, 0);
            for (long after : new long[] {-1, 0, 4_711}) {
                backend.events()
                        .send(group, Json.ofText("1"), after, null)
                        .toCompletableFuture()
                        .join();
            }

            await().until(() -> heard.told().size() == 3);
            assertThat(heard.told()).extracting(Tail.Told::after).containsExactly(-1L, 0L, 4_711L);
            assertThat(heard.told())
                    .allSatisfy(told -> assertThat(told.timestampMs()).isBetween(NOW_MS, System.currentTimeMillis()));
        }
    }

    @Test
    void theHeaderOfAnEventIsInDecimal(TestInfo test) {
        Group group = Fixture.groupIn(0);
        String topic = test.getTestMethod().orElseThrow().getName() + ".stream.events";
        try (KafkaBackend backend = started(test)) {
            backend.events()
                    .send(group, Json.ofText("1"), 4_711, null)
                    .toCompletableFuture()
                    .join();
        }
        Map<String, Object> config =
                new ClientSettings(Fixture.config(ClusterConfig.of(broker), folder, topic)).reader("test");
        try (var consumer = new KafkaConsumer<byte[], byte[]>(config)) {
            TopicPartition at = new TopicPartition(topic, 0);
            consumer.assign(List.of(at));
            consumer.seek(at, 0);
            List<String> headers = new ArrayList<>();
            await().until(() -> {
                consumer.poll(Duration.ofMillis(50))
                        .forEach(record -> record.headers()
                                .forEach(header -> headers.add(
                                        header.key() + "=" + RecordCodec.text(record.headers(), header.key()))));
                return !headers.isEmpty();
            });
            assertThat(headers).containsExactly("millrace-after-offset=4711");
        }
    }

    @Test
    void eventsThatExpireUnreadShowAsANewBeginning(TestInfo test) {
        Group group = Fixture.groupIn(0);
        String topic = test.getTestMethod().orElseThrow().getName() + ".stream.events";
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        try (KafkaBackend backend =
                KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), folder, prefix), alarms)) {
            backend.start(new Fixture.Assigned(), new Tail.Listener() {
                @Override
                public void began(int partition, Mark start) {
                    heard.began(partition, start);
                }

                @Override
                public void told(int partition, Tail.Batch batch) {
                    heard.told(partition, batch);
                    waiting.countDown();
                    // While it is away, retention goes on.
                    Fixture.join(goOn);
                }
            });
            follow(backend, 0);
            Fixture.send(backend, group, "0");
            Fixture.join(waiting);
            // More than is fetched ahead.
            String large = "x".repeat(60_000);
            for (int i = 0; i < 40; i++) {
                Fixture.send(backend, group, large);
            }
            Fixture.deleteThrough(broker, topic, 0, 38);
            Fixture.send(backend, group, "last");
            goOn.countDown();

            await().until(() -> heard.frames().contains("0 EVENT \"last\""));
            assertThat(heard.beginnings()).contains(new Mark(-1, 38));
            assertThat(heard.mark(0)).isEqualTo(new Mark(-1, 41));
            assertThat(alarms.raised()).isEmpty();
        }
    }

    @Test
    void aTransactionThatIsOpenWhileFollowingBeginsIsToldWhenItCommits(TestInfo test) {
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            log.append(List.of(put(item("i"), "open")), NOW_MS);
            follow(backend, 0);
            log.commit();

            await().until(() -> heard.frames().contains("0 CHANGE \"open\""));
        }
    }

    @Test
    void whatIsAbortedIsNeverTold(TestInfo test) {
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            follow(backend, 0);
            log.append(List.of(put(item("i"), "aborted")), NOW_MS);
            log.fence();
            write(log, put(item("i"), "committed"));

            await().until(() -> !heard.frames().isEmpty());
            assertThat(heard.frames()).containsExactly("0 CHANGE \"committed\"");
        }
    }

    @Test
    void ephemeralEventsAreToldToTheGroupsPartitionInOrder(TestInfo test) {
        Group group = new Group("stream", "group");
        int partition = group.partition(4);
        try (KafkaBackend backend = started(test)) {
            follow(backend, partition);
            for (int i = 0; i < 20; i++) {
                backend.events()
                        .send(group, Json.ofText("" + i), -1, i == 0 ? "00-trace" : null)
                        .toCompletableFuture()
                        .join();
            }

            await().until(() -> heard.frames().size() == 20);
            assertThat(heard.frames().getFirst()).isEqualTo(partition + " EVENT 0");
            assertThat(heard.frames().getLast()).isEqualTo(partition + " EVENT 19");
        }
    }

    @Test
    void followingAgainBeginsAtTheEndNotWhereItStopped(TestInfo test) {
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0);
                PartitionLog other = backend.logs().open(Space.STREAM, 1)) {
            log.fence();
            other.fence();
            follow(backend, 0);
            write(log, put(item("i"), "first"));
            await().until(() -> heard.frames().size() == 1);
            backend.tail().unfollow(0);
            // The tail's one thread has noticed when it follows something else.
            follow(backend, 1);
            write(log, put(item("i"), "unheard"));
            write(other, put(item("i"), "other"));
            await().until(() -> heard.frames().contains("1 CHANGE \"other\""));
            follow(backend, 0);
            write(log, put(item("i"), "again"));

            await().until(() -> heard.frames().contains("0 CHANGE \"again\""));
            assertThat(heard.beginnings()).hasSize(3);
            assertThat(heard.frames())
                    .containsExactly("0 CHANGE \"first\"", "1 CHANGE \"other\"", "0 CHANGE \"again\"");
        }
    }

    @Test
    void whoFollowsAgainAtOnceBeginsAnewToo(TestInfo test) {
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            log.fence();
            follow(backend, 0);
            long last = write(log, put(item("i"), "first"));
            await().until(() -> heard.frames().size() == 1);
            backend.tail().unfollow(0);
            follow(backend, 0);

            assertThat(heard.beginnings()).hasSize(2);
            assertThat(heard.beginnings().getLast().change()).isGreaterThanOrEqualTo(last);
            write(log, put(item("i"), "second"));
            await().until(() -> heard.frames().contains("0 CHANGE \"second\""));
        }
    }

    @Test
    void followingTwiceIsHarmlessAndUnfollowingEndsTheWait(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        try (KafkaBackend backend =
                KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), folder, prefix), alarms)) {
            CompletableFuture<Void> pending = backend.tail().follow(0).toCompletableFuture();
            CompletableFuture<Void> again = backend.tail().follow(0).toCompletableFuture();
            CompletableFuture<Void> kept = backend.tail().follow(1).toCompletableFuture();
            assertThat(pending).isNotDone();
            backend.tail().unfollow(0);
            assertThat(pending).isCompletedExceptionally();
            assertThat(again).isCompletedExceptionally();

            backend.start(new Fixture.Assigned(), heard);
            kept.join();
            follow(backend, 1);
            assertThatThrownBy(() -> backend.tail().follow(4)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anUnreadableKeyStopsItsPartitionWithAnAlarmAfterWhatCameBefore(TestInfo test) {
        RecordKey foreign = RecordKey.ofBytes("not ours".getBytes(StandardCharsets.UTF_8));
        try (KafkaBackend backend = started(test);
                PartitionLog log = backend.logs().open(Space.STREAM, 0);
                PartitionLog sound = backend.logs().open(Space.STREAM, 1)) {
            log.fence();
            sound.fence();
            follow(backend, 0);
            follow(backend, 1);
            write(log, put(item("i"), "before"), put(foreign, "bad"), put(item("i"), "after"));
            await().until(() -> !alarms.raised().isEmpty());
            write(sound, put(item("i"), "elsewhere"));

            await().until(() -> heard.frames().contains("1 CHANGE \"elsewhere\""));
            assertThat(heard.frames()).containsExactly("0 CHANGE \"before\"", "1 CHANGE \"elsewhere\"");
            assertThat(alarms.raised()).singleElement().isInstanceOf(Alarm.UnreadableRecord.class);
            assertThatThrownBy(() -> follow(backend, 0))
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("cannot be read");
        }
    }

    @Test
    void aListenerThatFailsStopsItsPartitionRatherThanMissSomething(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        try (KafkaBackend backend =
                        KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), folder, prefix), alarms);
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            backend.start(new Fixture.Assigned(), (partition, batch) -> {
                throw new IllegalStateException("broken listener");
            });
            log.fence();
            follow(backend, 0);
            write(log, put(item("i"), "x"));

            await().until(() -> alarms.raised().stream().anyMatch(Alarm.TailStopped.class::isInstance));
        }
    }
}
