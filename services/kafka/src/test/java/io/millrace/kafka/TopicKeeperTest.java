package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.core.address.Space;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Which topics are created and which refused. */
class TopicKeeperTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;
    static Admin admin;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static String prefix(TestInfo test) {
        return test.getTestMethod().orElseThrow().getName() + ".";
    }

    private static TopicsConfig topics(TestInfo test, OptionalInt partitions) {
        return new TopicsConfig(prefix(test), partitions, 1, Duration.ofHours(24), 1 << 20);
    }

    private static Topics ensure(TopicsConfig topics) {
        KafkaBackendConfig config = new KafkaBackendConfig(
                "node-1", Path.of("unused"), ClusterConfig.of(broker), topics, StoreConfig.alone());
        try (Cluster cluster = Cluster.connect(new ClientSettings(config))) {
            return new TopicKeeper(cluster, topics).ensure();
        }
    }

    private static void create(String name, int partitions, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                .all()
                .get();
        // The controller has it; the broker that will be asked may learn of it a moment later.
        await().until(() -> admin.listTopics().names().get().contains(name));
    }

    private static String setting(String topic, String name) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .values()
                .values()
                .iterator()
                .next()
                .get()
                .get(name)
                .value();
    }

    @Test
    void newTopicsKeepTheirHistory(TestInfo test) throws ExecutionException, InterruptedException {
        Topics topics = ensure(topics(test, OptionalInt.of(3)));

        assertThat(topics.partitions(Space.STATE)).isEqualTo(3);
        assertThat(topics.partitions(Space.STREAM)).isEqualTo(3);
        for (Space space : Space.values()) {
            String changes = topics.names().changes(space);
            assertThat(setting(changes, "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(changes, "min.compaction.lag.ms")).isEqualTo("86400000");
            assertThat(setting(changes, "delete.retention.ms")).isEqualTo("86400000");
        }
        assertThat(setting(topics.names().events(), "cleanup.policy")).isEqualTo("delete");
        assertThat(setting(topics.names().events(), "retention.ms")).isEqualTo("3600000");
        assertThat(ensure(topics(test, OptionalInt.empty())).partitions()).isEqualTo(topics.partitions());
    }

    @Test
    void oneBrokerGetsEightPartitionsUnlessToldOtherwise(TestInfo test) {
        assertThat(ensure(topics(test, OptionalInt.empty())).partitions(Space.STATE))
                .isEqualTo(8);
    }

    @Test
    void aTopicThatIsNotCompactedIsRefused(TestInfo test) throws ExecutionException, InterruptedException {
        create(prefix(test) + "state.changes", 2, Map.of("cleanup.policy", "delete"));

        assertThatThrownBy(() -> ensure(topics(test, OptionalInt.empty())))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("state.changes has cleanup.policy=delete: set it to compact");
    }

    @Test
    void aTopicWithAnotherPartitionCountIsRefusedOnlyIfOneWasConfigured(TestInfo test)
            throws ExecutionException, InterruptedException {
        Map<String, String> settings = TopicSettings.ofChanges(topics(test, OptionalInt.empty()));
        create(prefix(test) + "stream.changes", 2, settings);

        assertThatThrownBy(() -> ensure(topics(test, OptionalInt.of(5))))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("stream.changes has 2 partitions, but 5 are configured");
    }

    @Test
    void theCountOfATopicThatIsThereIsAdopted(TestInfo test) throws ExecutionException, InterruptedException {
        Map<String, String> settings = TopicSettings.ofChanges(topics(test, OptionalInt.empty()));
        create(prefix(test) + "stream.changes", 2, settings);

        Topics topics = ensure(topics(test, OptionalInt.empty()));

        assertThat(topics.partitions(Space.STREAM)).isEqualTo(2);
        assertThat(topics.partitions(Space.STATE)).isEqualTo(8);
        assertThat(admin.describeTopics(List.of(topics.names().events()))
                        .topicNameValues()
                        .values()
                        .iterator()
                        .next()
                        .get()
                        .partitions())
                .hasSize(2);
    }

    @Test
    void eventsWithAnotherCountThanChangesAreRefused(TestInfo test) throws ExecutionException, InterruptedException {
        TopicsConfig config = topics(test, OptionalInt.empty());
        create(prefix(test) + "stream.changes", 2, TopicSettings.ofChanges(config));
        create(prefix(test) + "stream.events", 3, TopicSettings.ofEvents(config));

        assertThatThrownBy(() -> ensure(config))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("stream.events has 3 partitions")
                .hasMessageContaining("has 2: delete");
    }

    @Test
    void aTopicThatTheLargestRecordDoesNotFitIsRefused(TestInfo test) throws ExecutionException, InterruptedException {
        TopicsConfig config = topics(test, OptionalInt.empty());
        ensure(config);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, prefix(test) + "state.changes");
        admin.incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("max.message.bytes", "1000"), AlterConfigOp.OpType.SET))))
                .all()
                .get();

        Fixture.await()
                .untilAsserted(() -> assertThatThrownBy(() -> ensure(config))
                        .isInstanceOf(RefusedStartException.class)
                        .hasMessageContaining("max.message.bytes=1000: set it to"));
    }

    @Test
    void moreReplicasThanBrokersAreRefused(TestInfo test) {
        TopicsConfig config = new TopicsConfig(prefix(test), OptionalInt.of(1), 3, Duration.ofHours(24), 1 << 20);

        assertThatThrownBy(() -> ensure(config))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("needs 3 replicas, but the cluster has 1 broker(s)");
    }

    @Test
    void aRecreatedTopicMakesTheOldCopiesUnusable(TestInfo test) throws ExecutionException, InterruptedException {
        KafkaBackendConfig config = Fixture.config(ClusterConfig.of(broker), folder, prefix(test));
        KafkaBackend.connect(config, alarm -> {}).close();
        KafkaBackend.connect(config, alarm -> {}).close();
        admin.deleteTopics(List.of(prefix(test) + "state.changes")).all().get();

        Fixture.await()
                .untilAsserted(() -> assertThatThrownBy(
                                () -> KafkaBackend.connect(config, alarm -> {}).close())
                        .isInstanceOf(RefusedStartException.class)
                        .hasMessageContaining("deleted and created anew: delete the folder"));
    }
}
