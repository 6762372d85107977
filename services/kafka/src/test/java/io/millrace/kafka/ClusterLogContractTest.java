package io.millrace.kafka;

import static io.millrace.kafka.Fixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.port.ClusterLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the cluster log, on a real broker. */
class ClusterLogContractTest {
    @TempDir
    static Path brokerFolder;

    @TempDir
    static Path otherBrokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

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

    private KafkaBackend connected(EmbeddedBroker broker, TestInfo test, String node) {
        KafkaBackendConfig config = Fixture.config(ClusterConfig.of(broker), folder.resolve(node), prefix(test));
        return KafkaBackend.connect(config, new Fixture.Alarms());
    }

    private static void say(ClusterLog log, String node, @Nullable String record) {
        log.append(node, record == null ? null : Json.ofText(record))
                .toCompletableFuture()
                .join();
    }

    /** Remembers what it was told, as text. */
    private static final class Heard implements ClusterLog.Listener {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void told(String node, @Nullable Json record) {
            all.add(node + " " + record);
        }

        @Override
        public void caughtUp() {
            all.add("caught up");
        }
    }

    @Test
    void whoFollowsAnEmptyLogHasCaughtUpAndIsToldWhatComes(TestInfo test) {
        Heard heard = new Heard();
        try (KafkaBackend node = connected(broker, test, "a")) {
            ClusterLog log = node.cluster();
            try (var _ = log.follow(heard)) {
                await().until(() -> heard.all.contains("caught up"));
                say(log, "a", "{\"n\":1}");
                await().until(() -> heard.all.size() == 2);
            }
        }
        assertThat(heard.all).containsExactly("caught up", "a {\"n\":1}");
    }

    @Test
    void everythingThatWasSaidIsToldInOrderBeforeOneHasCaughtUp(TestInfo test) {
        Heard heard = new Heard();
        try (KafkaBackend one = connected(broker, test, "a");
                KafkaBackend other = connected(broker, test, "b")) {
            ClusterLog log = one.cluster();
            IntStream.range(0, 100).forEach(i -> log.append("a", Json.ofText("" + i)));
            say(log, "b", "true");
            say(log, "b", null);
            try (var _ = other.cluster().follow(heard)) {
                await().until(() -> heard.all.contains("caught up"));
                assertThat(heard.all).hasSize(103).startsWith("a 0", "a 1").endsWith("b true", "b null", "caught up");
                say(log, "c", "1");
                await().until(() -> heard.all.contains("c 1"));
            }
        }
    }

    @Test
    void whoFollowsNoLongerIsToldNothing(TestInfo test) {
        Heard heard = new Heard();
        Heard still = new Heard();
        try (KafkaBackend node = connected(broker, test, "a")) {
            ClusterLog log = node.cluster();
            ClusterLog.Following first = log.follow(heard);
            try (var _ = log.follow(still)) {
                await().until(() -> heard.all.contains("caught up"));
                first.close();
                say(log, "a", "1");
                await().until(() -> still.all.contains("a 1"));
            }
        }
        assertThat(heard.all).containsExactly("caught up");
    }

    @Test
    void aRecordThatAListenerCannotTakeDoesNotKeepItFromTheOthers(TestInfo test) {
        List<String> taken = new CopyOnWriteArrayList<>();
        ClusterLog.Listener picky = new ClusterLog.Listener() {
            @Override
            public void told(String node, @Nullable Json record) {
                if (node.equals("bad")) {
                    throw new IllegalStateException("not this one");
                }
                taken.add(node);
            }

            @Override
            public void caughtUp() {}
        };
        try (KafkaBackend node = connected(broker, test, "a")) {
            ClusterLog log = node.cluster();
            try (var _ = log.follow(picky)) {
                say(log, "bad", "1");
                say(log, "good", "1");
                await().until(() -> taken.contains("good"));
            }
        }
    }

    @Test
    void aLogThatWasDeletedIsHadAnew(TestInfo test) {
        Heard heard = new Heard();
        try (KafkaBackend node = connected(broker, test, "a")) {
            ClusterLog log = node.cluster();
            try (var _ = log.follow(heard)) {
                say(log, "a", "\"before\"");
                await().until(() -> heard.all.contains("a \"before\""));
                Fixture.deleteTopic(broker, prefix(test) + "cluster");
                await().until(() -> {
                    // As a node does every second; the first ones fail.
                    var _ = log.append("a", Json.ofText("\"after\""));
                    return heard.all.contains("a \"after\"");
                });
            }
        }
        assertThat(heard.all).containsOnlyOnce("caught up");
    }

    @Test
    void aBrokerThatGoesAwayAndComesBackCostsNothingButTime(TestInfo test) {
        int port = Ports.free();
        Heard heard = new Heard();
        EmbeddedBroker own = EmbeddedBroker.start(EmbeddedBrokerConfig.local(otherBrokerFolder, port));
        try (KafkaBackend node = connected(own, test, "a")) {
            ClusterLog log = node.cluster();
            try (var _ = log.follow(heard)) {
                say(log, "a", "1");
                await().until(() -> heard.all.contains("a 1"));
                own.close();
                own = EmbeddedBroker.start(EmbeddedBrokerConfig.local(otherBrokerFolder, port));
                say(log, "a", "2");
                await().until(() -> heard.all.contains("a 2"));
            }
        } finally {
            own.close();
        }
        assertThat(heard.all).containsOnlyOnce("caught up");
    }

    @Test
    void heartbeatsOfALoneNodeDoNotPileUp(TestInfo test) throws Exception {
        try (KafkaBackend node = connected(broker, test, "a");
                Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()))) {
            say(node.cluster(), "a", "1");
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, prefix(test) + "cluster");
            Config config = admin.describeConfigs(List.of(topic))
                    .values()
                    .values()
                    .iterator()
                    .next()
                    .get();
            assertThat(config.get("cleanup.policy").value()).contains("compact").contains("delete");
            assertThat(config.get("retention.ms").value()).isEqualTo("3600000");
            assertThat(config.get("segment.ms").value()).isEqualTo("300000");
            assertThat(config.get("max.compaction.lag.ms").value()).isEqualTo("300000");
        }
    }
}
