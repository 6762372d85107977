package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigTest {
    @TempDir
    Path folder;

    @Test
    void theDefaultsAreAConfiguration() {
        NodeConfig config = NodeConfig.of(sources(Map.of(), Map.of()));
        assertThat(config.broker().isEmbedded()).isTrue();
        assertThat(config.broker().partitions()).isEmpty();
        assertThat(config.gateway().port()).isEqualTo(3112);
        assertThat(config.admin().host()).isEqualTo("127.0.0.1");
        assertThat(config.limits().valueBytes()).isEqualTo(1 << 20);
    }

    @Test
    void withAClusterTheAutomaticValuesAreAClusters() {
        NodeConfig config = NodeConfig.of(sources(Map.of("kafka.bootstrap", "a:9092, b:9092"), Map.of()));
        assertThat(config.broker().bootstrap()).containsExactly("a:9092", "b:9092");
        assertThat(config.broker().replication()).isEqualTo(3);
        assertThat(config.store().standbys()).isEqualTo(1);
        assertThat(config.writer().producers()).isEqualTo(2);
    }

    @Test
    void optionsWinOverVariablesOverTheFile() throws IOException {
        file("millrace.yaml", "gateway:\n  port: 1001\n  host: file\nadmin.port: 1002\nnode: {id: file}\n");
        NodeConfig config = NodeConfig.of(sources(
                Map.of("gateway.port", "3001"),
                Map.of("MILLRACE_GATEWAY_PORT", "2001", "MILLRACE_ADMIN_PORT", "2002", "HOME", "/")));
        assertThat(config.gateway().port()).isEqualTo(3001);
        assertThat(config.admin().port()).isEqualTo(2002);
        assertThat(config.gateway().host()).isEqualTo("file");
        assertThat(config.home().nodeId()).contains("file");
    }

    @Test
    void oneQueueMayDifferFromTheOthers() throws IOException {
        file("millrace.yaml", "queues.attempts: 5\nqueue:\n  payments: {type: fifo, message-group-field: account}\n");
        QueueConfig queues = NodeConfig.of(sources(Map.of("queue.a.b.backoff", "10s"), Map.of()))
                .queues();
        assertThat(queues.named())
                .isEqualTo(Map.of(
                        "payments",
                        new QueueConfig.Queue(QueueOrder.FIFO, Optional.of("account"), 5, 10, Duration.ofSeconds(1)),
                        "a.b",
                        new QueueConfig.Queue(QueueOrder.STANDARD, Optional.empty(), 5, 10, Duration.ofSeconds(10))));
        assertThat(queues.defaults().order()).isEqualTo(QueueOrder.STANDARD);
    }

    @Test
    void whatIsNoSettingOfAQueueIsRefused() {
        Sources wrong = sources(Map.of("queue.a.kind", "fifo", "queue.b.type", "lifo"), Map.of());
        assertThat(catchThrowableOfType(InvalidConfigException.class, () -> NodeConfig.of(wrong)))
                .hasMessageContaining("queue.a.kind: no such setting")
                .hasMessageContaining("queue.b.type: \"lifo\" (expected: standard or fifo");
    }

    @Test
    void aPropertiesFileMeansTheSameAsYaml() throws IOException {
        file(
                "other.properties",
                "gateway.ping-interval = 5s\ngateway.allowed-origins=https://a.example,https://b.example\n");
        file(
                "other.yaml",
                "gateway:\n  ping-interval: 5s\n  allowed-origins: [https://a.example, https://b.example]\n");
        NodeConfig.Gateway properties =
                NodeConfig.of(asking("other.properties")).gateway();
        assertThat(properties).isEqualTo(NodeConfig.of(asking("other.yaml")).gateway());
        assertThat(properties.pingInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(properties.allowedOrigins()).containsExactly("https://a.example", "https://b.example");
    }

    @Test
    void everyProblemIsToldAtOnceWithItsNameValueExpectationAndOrigin() throws IOException {
        file("millrace.yaml", "gateway:\n  port: 99999\n  pingg-interval: 5s\nlimits.value: 12 parsecs\n");
        assertThat(problems(sources(
                        Map.of("admin.prot", "1"),
                        Map.of("MILLRACE_STORE_STANDBY", "1", "MILLRACE_LOG_LEVEL", "loud"))))
                .containsExactlyInAnyOrder(
                        "gateway.port: \"99999\" (expected: a port from 0 (any free one) to 65535; from millrace.yaml line 2)",
                        "gateway.pingg-interval: no such setting (from millrace.yaml line 3; did you mean gateway.ping-interval?)",
                        "limits.value: \"12 parsecs\" (expected: a size in B, KiB, MiB or GiB, from 1KiB to 16MiB; from millrace.yaml line 4)",
                        "MILLRACE_STORE_STANDBY: no such variable (from environment; did you mean MILLRACE_STORE_STANDBYS?)",
                        "log.level: \"loud\" (expected: trace or debug or info or warn or error; from MILLRACE_LOG_LEVEL)",
                        "admin.prot: no such setting (from command line; did you mean admin.port?)");
    }

    @Test
    void aFileThatIsAskedForMustBeThere() {
        assertThat(problems(asking("missing.yaml"))).containsExactly("missing.yaml: no such file");
    }

    @Test
    void aFileThatIsNoYamlIsToldWithItsLine() throws IOException {
        file("millrace.yaml", "gateway:\n  port: [1\nadmin: 3\n");
        assertThat(problems(sources(Map.of(), Map.of())))
                .singleElement()
                .asString()
                .startsWith("millrace.yaml line ");
    }

    @Test
    void aSettingGivenTwiceInTheFileIsAProblem() throws IOException {
        file("millrace.yaml", "admin.port: 1\nadmin:\n  port: 2\n");
        assertThat(problems(sources(Map.of(), Map.of())))
                .containsExactly("admin.port: given twice (millrace.yaml line 1 and millrace.yaml line 3)");
    }

    @Test
    void anEmptyFileIsAConfiguration() throws IOException {
        file("millrace.yaml", "# nothing yet\n");
        assertThat(NodeConfig.of(sources(Map.of(), Map.of())).admin().port()).isEqualTo(3113);
    }

    @Test
    void settingsThatContradictEachOtherAreProblems() {
        assertThat(problems(sources(
                        Map.of("admin.port", "3112", "gateway.idle-timeout", "20s", "kafka.replication", "3"),
                        Map.of())))
                .hasSize(3)
                .anyMatch(problem -> problem.startsWith("admin.port: 3112 (expected: a port no other"))
                .anyMatch(problem -> problem.startsWith("kafka.replication: 3 (expected: 1"))
                .anyMatch(problem -> problem.startsWith("gateway.idle-timeout: 20000ms (expected: more than"));
    }

    @Test
    void beingStrictWithNobodyToAskIsAContradiction() {
        assertThat(problems(sources(Map.of("gateway.auth-strict", "true"), Map.of())))
                .containsExactly("gateway.auth-strict: true (expected: false, as no gateway.auth-function is named that"
                        + " could give a context)");
        NodeConfig.Gate gate = NodeConfig.of(
                        sources(Map.of("gateway.auth-strict", "true", "gateway.auth-function", "app::auth"), Map.of()))
                .gateway()
                .gate();
        assertThat(gate.authFunction()).contains("app::auth");
    }

    @Test
    void kafkaClientSettingsAreHandedOnUnderKafkasNames() throws IOException {
        file("millrace.yaml", "kafka:\n  client:\n    security.protocol: SASL_SSL\n    sasl: {mechanism: PLAIN}\n");
        NodeConfig config = NodeConfig.of(
                sources(Map.of("kafka.bootstrap", "a:1"), Map.of("MILLRACE_KAFKA_CLIENT_SASL_JAAS_CONFIG", "hush")));
        assertThat(config.broker().clientProperties())
                .containsOnly(
                        Map.entry("security.protocol", "SASL_SSL"),
                        Map.entry("sasl.mechanism", "PLAIN"),
                        Map.entry("sasl.jaas.config", "hush"));
        assertThat(config.toString()).doesNotContain("hush");
    }

    @Test
    void theTableLeavesSecretsOut() {
        assertThat(ConfigTable.rows(sources(Map.of(), Map.of("MILLRACE_KAFKA_CLIENT_SASL_JAAS_CONFIG", "hush"))))
                .anySatisfy(row -> {
                    assertThat(row.name()).isEqualTo("kafka.client.sasl.jaas.config");
                    assertThat(row.value()).isEqualTo("(secret)");
                    assertThat(row.origin()).isEqualTo("MILLRACE_KAFKA_CLIENT_SASL_JAAS_CONFIG");
                })
                .noneMatch(row -> row.toString().contains("hush"));
    }

    @Test
    void everySettingOfTheTableIsInTheDocumentation() throws IOException {
        Path page = Path.of("../../docs/configuration.md");
        assertThat(Files.readString(page))
                .as("paste what `./millrace config --markdown` prints into docs/configuration.md")
                .contains(ConfigTable.markdown());
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private Sources asking(String file) {
        return new Sources(Map.of(), Map.of(), Optional.of(Path.of(file)), folder);
    }

    private Sources sources(Map<String, String> options, Map<String, String> environment) {
        return new Sources(options, environment, Optional.empty(), folder);
    }

    private static List<String> problems(Sources sources) {
        InvalidConfigException thrown =
                catchThrowableOfType(InvalidConfigException.class, () -> NodeConfig.of(sources));
        return thrown.problems();
    }
}
