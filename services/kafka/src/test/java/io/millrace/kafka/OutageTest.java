package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static io.millrace.kafka.Fixture.item;
import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Group;
import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.value.Json;
import io.millrace.engine.port.InDoubtException;
import io.millrace.engine.port.LogUnavailableException;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.StateStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node sees when its broker goes away and comes back, and when there is none at all. */
class OutageTest {
    private static final StoreConfig STORE = new StoreConfig(1, 0, Duration.ofSeconds(2), 16 << 20, false);
    private static final TopicsConfig TOPICS =
            new TopicsConfig("millrace.", OptionalInt.of(2), 1, TopicsConfig.HISTORY, 64 << 10);

    @TempDir
    Path brokerFolder;

    @TempDir
    Path otherBrokerFolder;

    @TempDir
    Path folder;

    private final Fixture.Assigned assigned = new Fixture.Assigned();
    private final Fixture.Heard heard = new Fixture.Heard();

    private KafkaBackendConfig config(int port) {
        ClusterConfig cluster = new ClusterConfig("127.0.0.1:" + port, Map.of(), Duration.ofSeconds(2), false);
        return new KafkaBackendConfig("node-1", folder, cluster, TOPICS, STORE);
    }

    private static EmbeddedBroker broker(Path folder, int port) {
        return EmbeddedBroker.start(EmbeddedBrokerConfig.local(folder, port));
    }

    @Test
    void aBrokerThatGoesAwayAndComesBackCostsNothingButTime() {
        int port = Ports.free();
        Group group = new Group("stream", "group");
        EmbeddedBroker broker = broker(brokerFolder, port);
        try (KafkaBackend backend = KafkaBackend.connect(config(port), alarm -> {});
                PartitionLog log = backend.logs().open(Space.STREAM, 0)) {
            backend.start(assigned, heard);
            backend.tail().follow(0).toCompletableFuture().join();
            log.fence();
            write(log, put(item("i"), "before"));
            await().until(() -> backend.lease().held() && backend.health().ready());

            broker.close();
            assertThatThrownBy(() -> write(log, put(item("i"), "in doubt"))).isInstanceOf(InDoubtException.class);
            assertThatThrownBy(log::fence).isInstanceOf(LogUnavailableException.class);
            assertThatThrownBy(() -> backend.events()
                            .send(group, Json.ofText("1"), -1, null)
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(CompletionException.class);
            await().until(() -> !backend.lease().held());
            await().until(() -> !backend.health().brokerReachable());
            assertThat(backend.health().ready()).isFalse();

            broker = broker(brokerFolder, port);
            await().until(() -> fenced(log));
            long last = write(log, put(item("i"), "after"));
            await().until(() -> heard.frames().contains("0 CHANGE \"after\""));
            assertThat(heard.frames()).startsWith("0 CHANGE \"before\"").endsWith("0 CHANGE \"after\"");
            // What is followed goes on where it was.
            assertThat(heard.beginnings()).hasSize(1);
            await().until(() -> backend.lease().held() && backend.health().ready());
            StateStore store = assigned.store(Space.STREAM, 0);
            await().until(() -> store.appliedOffset() >= last);
            assertThat(store.get(item("i"))).hasToString("\"after\"");
        } finally {
            broker.close();
        }
    }

    private static boolean fenced(PartitionLog log) {
        try {
            log.fence();
            return true;
        } catch (LogUnavailableException e) {
            return false;
        }
    }

    @Test
    void aClusterThatDoesNotAnswerIsNamedInTime() {
        int port = Ports.free();

        assertThatThrownBy(() -> KafkaBackend.connect(config(port), alarm -> {}))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("Kafka at 127.0.0.1:" + port + " does not answer within 2000 ms: start it");
    }

    @Test
    void aNameThatNobodyKnowsIsRefused() {
        ClusterConfig cluster = new ClusterConfig("nobody.invalid:9092", Map.of(), Duration.ofSeconds(2), false);
        KafkaBackendConfig config = new KafkaBackendConfig("node-1", folder, cluster, TOPICS, STORE);

        assertThatThrownBy(() -> KafkaBackend.connect(config, alarm -> {}))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("nobody.invalid:9092");
    }

    @Test
    void copiesOfAnotherClusterAreRefused() {
        try (EmbeddedBroker first = broker(brokerFolder, 0)) {
            KafkaBackend.connect(config(first.port()), alarm -> {}).close();
        }
        try (EmbeddedBroker second = broker(otherBrokerFolder, 0)) {
            KafkaBackendConfig config = config(second.port());
            assertThatThrownBy(() -> KafkaBackend.connect(config, alarm -> {}))
                    .isInstanceOf(RefusedStartException.class)
                    .hasMessageContaining("belongs to Kafka cluster")
                    .hasMessageContaining("name another folder");
        }
    }

    @Test
    void aStoreFolderInUseIsRefused() {
        try (EmbeddedBroker broker = broker(brokerFolder, 0);
                KafkaBackend backend = KafkaBackend.connect(config(broker.port()), alarm -> {})) {
            assertThat(backend.clusterId()).isEqualTo(broker.clusterId());
            assertThatThrownBy(() -> KafkaBackend.connect(config(broker.port()), alarm -> {}))
                    .isInstanceOf(RefusedStartException.class)
                    .hasMessageContaining("in use by another process");
        }
    }

    @Test
    void closingGivesEveryPartitionBackWhileTheLogStillWorks() {
        try (EmbeddedBroker broker = broker(brokerFolder, 0)) {
            PartitionLog log;
            try (KafkaBackend backend = KafkaBackend.connect(config(broker.port()), alarm -> {})) {
                backend.start(assigned, heard);
                await().until(() -> assigned.count() == 4);
                assertThat(backend.clientMetrics()).isNotEmpty();
                assertThat(backend.streams().orElseThrow().metrics()).isNotEmpty();
                log = backend.logs().open(Space.STATE, 0);
            }
            assertThat(assigned.count()).isZero();
            try (log) {
                log.fence();
                assertThat(write(log, ChangeRecord.barrier())).isNotNegative();
            }
        }
    }
}
