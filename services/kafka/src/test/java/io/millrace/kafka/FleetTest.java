package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one cluster. */
class FleetTest {
    private static final int PARTITIONS = 8;

    @TempDir
    Path brokerFolder;

    @TempDir
    Path firstFolder;

    @TempDir
    Path secondFolder;

    private static KafkaBackend connect(EmbeddedBroker broker, String node, Path folder) {
        return KafkaBackend.connect(
                new KafkaBackendConfig(
                        node,
                        folder,
                        ClusterConfig.of(broker),
                        new TopicsConfig(
                                "millrace.", OptionalInt.of(PARTITIONS / 2), 1, TopicsConfig.HISTORY, 64 << 10),
                        // A session far longer than the test: nothing here happens because one expired.
                        new StoreConfig(1, 0, Duration.ofSeconds(60), 16 << 20, true)),
                alarm -> {});
    }

    @Test
    void aNodeThatStopsHandsItsPartitionsOverWithoutWaitingForItsSession() {
        Fixture.Assigned first = new Fixture.Assigned();
        Fixture.Assigned second = new Fixture.Assigned();
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
                KafkaBackend staying = connect(broker, "node-2", secondFolder)) {
            try (KafkaBackend leaving = connect(broker, "node-1", firstFolder);
                    PartitionLog log = leaving.logs().open(Space.STATE, 0)) {
                leaving.start(first, (partition, batch) -> {});
                await().until(() -> first.count() == PARTITIONS);
                log.fence();
                write(log, put(state("k"), "kept"));
                staying.start(second, (partition, batch) -> {});
                await().until(() -> staying.lease().held() && leaving.lease().held());
            }
            assertThat(first.count()).isZero();
            await().until(() -> second.count() == PARTITIONS);

            StateStore store = second.store(Space.STATE, 0);
            try (PartitionLog log = staying.logs().open(Space.STATE, 0)) {
                log.fence();
                long barrier = write(log, ChangeRecord.barrier());
                await().until(() -> store.appliedOffset() >= barrier);
                assertThat(store.get(state("k"))).hasToString("\"kept\"");
            }
        }
    }
}
