package io.millrace.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.harness.BrokerCluster;
import io.millrace.harness.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the fleet is tested on does what it is to do. */
class BrokerClusterTest {
    private static final String TOPIC = "harness.ready";

    @TempDir
    private Path folder;

    @Test
    void aBrokerIsKilledStalledOrCutOffAndTheOthersGoOn() throws Exception {
        try (Network network = Network.open();
                BrokerCluster brokers = BrokerCluster.start(3, network, folder, Map.of());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", brokers.bootstrap(), "acks", "1"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            brokers.broker(0).process().kill();
            append(producer);
            brokers.broker(0).restart();
            brokers.awaitInSync();

            brokers.broker(1).process().stall();
            append(producer);
            brokers.broker(1).process().goOn();
            brokers.awaitInSync();

            if (network.canBeCut()) {
                for (int other = 0; other < 2; other++) {
                    network.cut(brokers.broker(2).host(), brokers.broker(other).host());
                }
                append(producer);
                network.mend();
                brokers.awaitInSync();
            }
            assertThatCode(brokers::awaitServing).doesNotThrowAnyException();
            assertThat(brokers.broker(0).process().terminate()).isEqualTo(143);
        }
    }

    private static void append(KafkaProducer<byte[], byte[]> producer) throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, new byte[] {2}))
                .get(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS);
    }
}
