package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.port.PresenceLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the presence log, on a real broker. */
class PresenceLogContractTest {
    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    @TempDir
    Path otherFolder;

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

    private KafkaBackend connected(TestInfo test, Path where) {
        return KafkaBackend.connect(
                Fixture.config(ClusterConfig.of(broker), where, prefix(test)), new Fixture.Alarms());
    }

    private static void append(PresenceLog log, String key, String value) {
        log.append(Json.ofText(key), value.isEmpty() ? null : Json.ofText(value))
                .toCompletableFuture()
                .join();
    }

    private static List<String> read(PresenceLog log) throws Exception {
        List<String> read = new ArrayList<>();
        log.read((key, value) -> read.add(key + " " + value))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return read;
    }

    @Test
    void aLogThatNobodyHasWrittenToIsEmpty(TestInfo test) throws Exception {
        try (KafkaBackend node = connected(test, folder)) {
            assertThat(read(node.presence())).isEmpty();
        }
    }

    @Test
    void whatIsWrittenIsReadInOrderByEveryNodeAndLater(TestInfo test) throws Exception {
        List<String> expected = new ArrayList<>(IntStream.range(0, 1_000)
                .mapToObj(i -> i + " {\"n\":" + i + "}")
                .toList());
        expected.add("7 null");
        try (KafkaBackend one = connected(test, folder)) {
            PresenceLog log = one.presence();
            IntStream.range(0, 1_000)
                    .mapToObj(i -> log.append(Json.ofText("" + i), Json.ofText("{\"n\":" + i + "}")))
                    .toList()
                    .forEach(stage -> stage.toCompletableFuture().join());
            append(log, "7", "");
            assertThat(read(log)).isEqualTo(expected);
        }
        try (KafkaBackend two = connected(test, otherFolder)) {
            assertThat(read(two.presence())).isEqualTo(expected);
        }
    }

    @Test
    void theTopicKeepsTheLatestOfEachKeyForEver(TestInfo test) throws Exception {
        try (KafkaBackend node = connected(test, folder)) {
            append(node.presence(), "1", "{}");
            Config config = config(prefix(test) + "presence");
            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
            assertThat(config.get("min.insync.replicas").value()).isEqualTo("1");
        }
    }

    private static Config config(String topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            if (config == null) {
                throw new AssertionError("no settings of " + topic);
            }
            return config;
        }
    }
}
