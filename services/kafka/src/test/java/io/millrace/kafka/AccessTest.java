package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks who one is, and lets one do only what one is allowed to. */
class AccessTest {
    private static final int PARTITIONS = 2;
    private static final String PREFIX = "millrace.";

    @TempDir
    Path brokerFolder;

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        String plain = "org.apache.kafka.common.security.plain.PlainLoginModule required";
        broker = EmbeddedBroker.start(
                EmbeddedBrokerConfig.local(brokerFolder, 0),
                Map.of(
                        "listener.security.protocol.map",
                        "CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN,SCRAM-SHA-512",
                        "sasl.mechanism.inter.broker.protocol",
                        "PLAIN",
                        "listener.name.plaintext.plain.sasl.jaas.config",
                        plain + " username=\"admin\" password=\"admins\" user_admin=\"admins\";",
                        "listener.name.plaintext.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        // The controller's own listener asks nobody who he is; it is on the loopback interface.
                        "super.users",
                        "User:admin;User:ANONYMOUS"));
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                plain + " username=\"admin\" password=\"admins\";"));
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        "millrace", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), "secret")))
                .all()
                .get();
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private static AclBinding allow(ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry("User:millrace", "*", operation, AclPermissionType.ALLOW));
    }

    /** What docs/operations.md and the Kubernetes manifests grant. */
    private static List<AclBinding> documented() {
        List<AclBinding> all = new ArrayList<>();
        for (AclOperation operation : Set.of(
                AclOperation.CREATE,
                AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS,
                AclOperation.READ,
                AclOperation.WRITE)) {
            all.add(allow(ResourceType.TOPIC, PREFIX, PatternType.PREFIXED, operation));
        }
        for (AclOperation operation : Set.of(AclOperation.DESCRIBE, AclOperation.READ)) {
            all.add(allow(ResourceType.GROUP, "millrace-store", PatternType.LITERAL, operation));
            all.add(allow(ResourceType.GROUP, PREFIX, PatternType.PREFIXED, operation));
        }
        all.add(allow(ResourceType.GROUP, PREFIX, PatternType.PREFIXED, AclOperation.DELETE));
        for (AclOperation operation : Set.of(AclOperation.DESCRIBE, AclOperation.WRITE)) {
            all.add(allow(ResourceType.TRANSACTIONAL_ID, PREFIX + "owner.", PatternType.PREFIXED, operation));
        }
        return all;
    }

    private void grant(List<AclBinding> granted) throws Exception {
        admin.createAcls(granted).all().get();
    }

    private KafkaBackend connect(String password) {
        Map<String, String> client = new HashMap<>();
        client.put("security.protocol", "SASL_PLAINTEXT");
        client.put("sasl.mechanism", "SCRAM-SHA-512");
        client.put(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"millrace\" password=\""
                        + password + "\";");
        ClusterConfig cluster = new ClusterConfig(broker.bootstrapServers(), client, ClusterConfig.CALL_TIMEOUT, true);
        TopicsConfig topics = new TopicsConfig(PREFIX, OptionalInt.of(PARTITIONS), 1, TopicsConfig.HISTORY, 64 << 10);
        StoreConfig store = new StoreConfig(1, 0, Duration.ofSeconds(6), 16 << 20, true);
        return KafkaBackend.connect(new KafkaBackendConfig("node-1", folder, cluster, topics, store), alarm -> {});
    }

    @Test
    void aNodeWorksWithWhatIsDocumentedAndNoMore() throws Exception {
        grant(documented());
        try (KafkaBackend backend = connect("secret")) {
            new WholeNode(backend).worksWith(PARTITIONS);
        }
    }

    @Test
    void aNodeThatMayNotCreateTopicsWorksWithThoseThatAreThere() throws Exception {
        grant(documented());
        connect("secret").close();
        admin.deleteAcls(List.of(allow(ResourceType.TOPIC, PREFIX, PatternType.PREFIXED, AclOperation.CREATE)
                        .toFilter()))
                .all()
                .get();
        admin.createTopics(List.of(
                        new NewTopic(PREFIX + "cluster", 1, (short) 1),
                        new NewTopic(PREFIX + "presence", 1, (short) 1),
                        new NewTopic(PREFIX + "messages", 1, (short) 1),
                        new NewTopic(PREFIX + "queue.q", 1, (short) 1)))
                .all()
                .get();
        try (KafkaBackend backend = connect("secret")) {
            new WholeNode(backend).worksWith(PARTITIONS);
        }
    }

    @Test
    void aNodeThatIsAllowedNothingSaysWhatItIsMissing() {
        assertThatThrownBy(() -> connect("secret").close())
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("does not allow us to describe topic " + PREFIX)
                .hasMessageContaining("grant it to this user");
    }

    @Test
    void aNodeWithAWrongPasswordIsToldSo() {
        assertThatThrownBy(() -> connect("wrong").close())
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("refuses us")
                .hasMessageContaining("correct the client settings");
    }
}
