package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.port.MessageLog.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of pub/sub's messages, on a real broker. */
class MessageLogContractTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    @TempDir
    Path otherFolder;

    private final Fixture.Alarms alarms = new Fixture.Alarms();
    private final List<Message> heard = new CopyOnWriteArrayList<>();
    private final List<Message> heardElsewhere = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private KafkaBackend connected(TestInfo test, Path where) {
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        return KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), where, prefix), alarms);
    }

    private static void publish(KafkaBackend backend, String topic, String data) {
        backend.messages()
                .publish(new Message(topic, Json.ofText(data), "00-t", null))
                .toCompletableFuture()
                .join();
    }

    @Test
    void everyNodeThatListensIsToldEveryMessageFromThenOnInOrder(TestInfo test) {
        try (KafkaBackend one = connected(test, folder);
                KafkaBackend two = connected(test, otherFolder)) {
            publish(one, "t", "\"before\"");
            one.messages().follow(heard::add).toCompletableFuture().join();
            two.messages().follow(heardElsewhere::add).toCompletableFuture().join();
            for (int i = 0; i < 100; i++) {
                publish(i % 2 == 0 ? one : two, "t", "" + i);
            }

            List<Message> expected = IntStream.range(0, 100)
                    .mapToObj(i -> new Message("t", Json.ofText("" + i), "00-t", null))
                    .toList();
            await().untilAsserted(() -> assertThat(heard).isEqualTo(expected));
            await().untilAsserted(() -> assertThat(heardElsewhere).isEqualTo(expected));
        }
    }

    @Test
    void whatIsNoJsonIsLeftOutAndTheRestToldAllTheSame(TestInfo test) throws Exception {
        try (KafkaBackend one = connected(test, folder);
                KafkaProducer<byte[], byte[]> foreign = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            one.messages().follow(heard::add).toCompletableFuture().join();
            String topic = test.getTestMethod().orElseThrow().getName() + ".messages";
            foreign.send(new ProducerRecord<>(topic, "t".getBytes(StandardCharsets.UTF_8), new byte[] {'{'}))
                    .get();
            foreign.send(new ProducerRecord<>(topic, "t".getBytes(StandardCharsets.UTF_8), new byte[] {'1'}))
                    .get();

            await().untilAsserted(
                            () -> assertThat(heard).containsExactly(new Message("t", Json.ofText("1"), null, null)));
        }
    }
}
