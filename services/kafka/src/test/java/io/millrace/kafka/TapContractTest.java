package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Space;
import io.millrace.core.value.Json;
import io.millrace.engine.port.DeadLetter;
import io.millrace.engine.port.DeadLetters;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.Received;
import io.millrace.engine.port.Tap;
import io.millrace.engine.port.TopicPartition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the tap and of the dead letters, on a real broker. */
class TapContractTest {
    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static String text(Received record) {
        return String.valueOf(record.value());
    }

    @Test
    void everyListenerIsToldWhatIsCommittedWhileItListens() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
                KafkaBackend backend = KafkaBackend.connect(
                        Fixture.config(ClusterConfig.of(broker), folder, "tap."), new Fixture.Alarms());
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            List<String> one = new CopyOnWriteArrayList<>();
            List<String> two = new CopyOnWriteArrayList<>();
            Tap.Tapping first = backend.tap().open(Set.of("state.changes"), record -> one.add(text(record)));
            first.following().toCompletableFuture().join();
            write(log, put(state("k"), "first"));
            await().until(() -> one.contains("\"first\""));
            try (Tap.Tapping second =
                    backend.tap().open(Set.of("state.changes", "stream.events"), record -> two.add(text(record)))) {
                second.following().toCompletableFuture().join();
                write(log, put(state("k"), "second"));
                await().until(() -> two.contains("\"second\"") && one.contains("\"second\""));
                first.close();
                write(log, put(state("k"), "third"));
                await().until(() -> two.contains("\"third\""));
            }

            // What was committed a moment before may be told too: the barrier, for instance.
            assertThat(one).endsWith("\"first\"", "\"second\"");
            assertThat(two).doesNotContain("\"first\"");
            letter(backend);
        }
    }

    private static void letter(KafkaBackend backend) {
        DeadLetter letter = new DeadLetter(
                new DeadLetter.Subject("state", "sub"),
                "f::g",
                new TopicPartition("state.changes", 0),
                7,
                5,
                "code",
                "half a pair: \uD800",
                Instant.ofEpochMilli(1_700_000_000_123L),
                Json.ofText("{\"type\":\"state\"}"));
        List<Received> letters = new CopyOnWriteArrayList<>();
        try (Tap.Tapping readers = backend.tap().open(Set.of(DeadLetters.TOPIC), letters::add)) {
            readers.following().toCompletableFuture().join();
            backend.deadLetters().keep(letter).toCompletableFuture().join();
            await().until(() -> letters.size() == 1);
        }
        Received kept = letters.getFirst();
        assertThat(kept.key()).hasToString("{\"kind\":\"state\",\"subscription\":\"sub\"}");
        assertThat(kept.value()).isEqualTo(letter.toJson());
        assertThat(DeadLetter.of(letter.toJson())).satisfies(read -> {
            assertThat(read).isNotNull();
            assertThat(String.valueOf(read)).contains("half a pair: \uFFFD").contains("offset=7");
        });
    }
}
