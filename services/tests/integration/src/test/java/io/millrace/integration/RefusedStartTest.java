package io.millrace.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.harness.FreePorts;
import io.millrace.harness.JavaProcess;
import io.millrace.harness.NodeProcess;
import io.millrace.kafka.EmbeddedBroker;
import io.millrace.kafka.EmbeddedBrokerConfig;
import io.millrace.node.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a node from starting is told in one sentence, with an exit code, and without a stack trace. */
class RefusedStartTest {
    @TempDir
    private static Path brokerFolder;

    private static EmbeddedBroker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void aTakenPortIsNamedWithTheSettingThatChangesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(refusal(Map.of("MILLRACE_ADMIN_PORT", port)))
                    .contains(port)
                    .contains("admin.port");
            assertThat(refusal(Map.of("MILLRACE_GATEWAY_PORT", port, "MILLRACE_GATEWAY_HOST", "127.0.0.1")))
                    .contains(port)
                    .contains("gateway.port");
            assertThat(refusal(Map.of("MILLRACE_PEERS_PORT", port)))
                    .contains(port)
                    .contains("peers.port");
        }
    }

    @Test
    void aTakenBrokerPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(refusal(Map.of("MILLRACE_KAFKA_BOOTSTRAP", "", "MILLRACE_KAFKA_EMBEDDED_PORT", port)))
                    .contains(port);
        }
    }

    @Test
    void aBrokerThatDoesNotAnswerIsNamed() {
        String nobody = "127.0.0.1:" + FreePorts.one();

        assertThat(refusal(Map.of("MILLRACE_KAFKA_BOOTSTRAP", nobody))).contains(nobody);
    }

    @Test
    void aTopicThatIsNotCompactedIsNamedWithWhatToChange() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            NewTopic deleting = new NewTopic("plain.state.changes", Optional.of(8), Optional.of((short) 1))
                    .configs(Map.of("cleanup.policy", "delete"));
            admin.createTopics(List.of(deleting)).all().get();
        }

        assertThat(refusal(Map.of("MILLRACE_KAFKA_TOPIC_PREFIX", "plain.")))
                .contains("plain.state.changes")
                .contains("compact");
    }

    @Test
    void aDataFolderOfAnotherClusterIsRefused() {
        try (NodeProcess first = NodeProcess.embedded(folder, FreePorts.one())) {
            first.awaitReady();
            first.terminate();
        }

        assertThat(refusal(Map.of()))
                .contains(folder.resolve("data").toString())
                .contains("cluster");
    }

    @Test
    void aDataFolderInUseIsRefused() {
        try (NodeProcess first = NodeProcess.embedded(folder, FreePorts.one())) {
            first.awaitReady();

            assertThat(refusal(Map.of())).contains("in use");
        }
    }

    @Test
    void aDataFolderThatIsAFileIsRefused() throws IOException {
        Files.writeString(folder.resolve("data"), "");

        assertThat(refusal(Map.of())).contains(folder.resolve("data").toString());
    }

    @Test
    void settingsThatMakeNoSenseAreAllTold() {
        assertThat(refusal(Map.of("MILLRACE_ADMIN_PORT", "99999", "MILLRACE_LIMITS_DETPH", "3")))
                .contains("admin.port")
                .contains("MILLRACE_LIMITS_DETPH")
                .contains("MILLRACE_LIMITS_DEPTH");
    }

    /** Starts a node that must not come up, and gives what it said. */
    private String refusal(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MILLRACE_DATA_FOLDER", folder.resolve("data").toString());
        environment.put("MILLRACE_KAFKA_BOOTSTRAP", broker.bootstrapServers());
        environment.put("MILLRACE_KAFKA_REPLICATION", "1");
        environment.put("MILLRACE_ADMIN_PORT", Integer.toString(FreePorts.one()));
        environment.put("MILLRACE_GATEWAY_PORT", Integer.toString(FreePorts.one()));
        environment.put("MILLRACE_GATEWAY_HOST", "127.0.0.1");
        environment.put("MILLRACE_WORKERS_PORT", Integer.toString(FreePorts.one()));
        environment.put("MILLRACE_HTTP_PORT", Integer.toString(FreePorts.one()));
        environment.put("MILLRACE_PEERS_PORT", "0");
        environment.putAll(settings);
        Path output = folder.resolve("refused-" + FreePorts.one() + ".log");
        try (JavaProcess process = JavaProcess.start(Main.class, List.of("up"), environment, "256m", output)) {
            int exitCode = process.awaitExit();
            String said = process.output();
            assertThat(exitCode).as(said).isBetween(1, 2);
            assertThat(said).contains("millrace: ").doesNotContain("\tat ");
            return said;
        }
    }
}
