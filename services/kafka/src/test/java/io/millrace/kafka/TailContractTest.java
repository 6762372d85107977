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
import io.millrace.engine.port.PartitionLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
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
                        .send(group, Json.ofText("" + i), i == 0 ? "00-trace" : null)
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
            assertThat(heard.frames())
                    .containsExactly("0 CHANGE \"first\"", "1 CHANGE \"other\"", "0 CHANGE \"again\"");
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
