package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.item;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Space;
import io.millrace.engine.port.PartitionLog;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that owns nothing. */
class EdgeTest {
    private static final TopicsConfig TOPICS =
            new TopicsConfig("millrace.", OptionalInt.of(4), 1, TopicsConfig.HISTORY, 64 << 10);

    @TempDir
    Path brokerFolder;

    @TempDir
    Path folder;

    private KafkaBackend connect(EmbeddedBroker broker, String node, boolean owning) {
        return KafkaBackend.connect(
                new KafkaBackendConfig(
                        node, folder.resolve(node), ClusterConfig.of(broker), TOPICS, StoreConfig.inFleet(), owning),
                alarm -> {});
    }

    @Test
    void anEdgeFollowsWhatOthersWriteAndOwnsAndKeepsNothing() {
        Fixture.Assigned assigned = new Fixture.Assigned();
        Fixture.Assigned none = new Fixture.Assigned();
        Fixture.Heard heard = new Fixture.Heard();
        try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
                KafkaBackend edge = connect(broker, "edge", false);
                KafkaBackend store = connect(broker, "store", true);
                PartitionLog log = store.logs().open(Space.STREAM, 0)) {
            edge.start(none, heard);
            assertThat(edge.health().ready()).isTrue();
            assertThat(edge.health().description()).contains("owns nothing");
            edge.tail().follow(0).toCompletableFuture().join();
            store.start(assigned, (partition, batch) -> {});
            await().until(() -> assigned.count() == 8);
            log.fence();
            write(log, put(item("i"), "told"));

            await().until(() -> heard.frames().contains("0 CHANGE \"told\""));
            assertThat(none.count()).isZero();
            assertThat(edge.lease().held()).isFalse();
            assertThat(edge.streams()).isEmpty();
            assertThat(edge.clientMetrics()).isNotEmpty();
            assertThat(folder.resolve("edge")).doesNotExist();
            assertThatThrownBy(() -> edge.start(none, heard)).isInstanceOf(IllegalStateException.class);
        }
    }
}
