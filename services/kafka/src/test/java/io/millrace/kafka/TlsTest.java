package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that speaks TLS, and asks clients for their certificates. */
class TlsTest {
    private static final int PARTITIONS = 2;
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path keys;

    @TempDir
    static Path brokerFolder;

    static EmbeddedBroker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        identity("broker", "-ext", "san=ip:127.0.0.1,dns:localhost");
        identity("node");
        trust("node", "broker");
        trust("broker", "node");
        trust("broker", "broker");
        Map<String, String> settings = new HashMap<>(stores("broker"));
        settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:SSL");
        settings.put("ssl.client.auth", "required");
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(brokerFolder, 0), settings);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String file(String name) {
        return keys.resolve(name + ".p12").toString();
    }

    private static void identity(String name, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-keystore",
                file(name)));
        arguments.addAll(List.of(more));
        keytool(arguments);
        keytool(List.of(
                "-exportcert",
                "-alias",
                name,
                "-keystore",
                file(name),
                "-file",
                keys.resolve(name + ".crt").toString()));
    }

    private static void trust(String who, String whom) throws Exception {
        keytool(List.of(
                "-importcert",
                "-noprompt",
                "-alias",
                whom,
                "-file",
                keys.resolve(whom + ".crt").toString(),
                "-keystore",
                file(who + "-trusts")));
    }

    private static void keytool(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private static Map<String, String> stores(String who) {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                file(who),
                "ssl.keystore.password",
                PASSWORD,
                "ssl.key.password",
                PASSWORD,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                file(who + "-trusts"),
                "ssl.truststore.password",
                PASSWORD);
    }

    private KafkaBackend connect(Map<String, String> client) {
        ClusterConfig cluster = new ClusterConfig(broker.bootstrapServers(), client, ClusterConfig.CALL_TIMEOUT, true);
        TopicsConfig topics =
                new TopicsConfig("millrace.", OptionalInt.of(PARTITIONS), 1, TopicsConfig.HISTORY, 64 << 10);
        StoreConfig store = new StoreConfig(1, 0, Duration.ofSeconds(6), 16 << 20, true);
        return KafkaBackend.connect(new KafkaBackendConfig("node-1", folder, cluster, topics, store), alarm -> {});
    }

    @Test
    void aNodeWithACertificateWorks() {
        Map<String, String> client = new HashMap<>(stores("node"));
        client.put("security.protocol", "SSL");
        try (KafkaBackend backend = connect(client)) {
            new WholeNode(backend).worksWith(PARTITIONS);
        }
    }

    @Test
    void aNodeThatDoesNotTrustTheBrokerIsToldSo() {
        Map<String, String> client = new HashMap<>(stores("node"));
        client.put("security.protocol", "SSL");
        client.put("ssl.truststore.location", file("node"));
        assertThatThrownBy(() -> connect(client).close())
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("refuses us")
                .hasMessageContaining("correct the client settings");
    }
}
