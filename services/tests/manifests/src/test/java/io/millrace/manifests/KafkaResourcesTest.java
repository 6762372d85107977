package io.millrace.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.kafka.TopicsConfig;
import io.millrace.kafka.TopicsOfNodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;

class KafkaResourcesTest {
    private static final TopicsConfig OURS = TopicsConfig.replicated();

    private final List<Manifest> fixed =
            Kustomization.in(Checkout.manifests().resolve("kafka")).resources();

    @Test
    void topicsAreAsANodeWouldCreateThem() {
        Map<String, TopicsOfNodes.Topic> found = new TreeMap<>();
        ofKind(fixed, "KafkaTopic").forEach(topic -> {
            JsonNode spec = topic.tree().path("spec");
            Map<String, String> settings = new TreeMap<>();
            spec.path("config")
                    .properties()
                    .forEach(each -> settings.put(each.getKey(), each.getValue().asText()));
            found.put(
                    topic.name(),
                    new TopicsOfNodes.Topic(
                            spec.path("partitions").asInt(),
                            spec.path("replicas").asInt(),
                            settings));
        });
        assertThat(found).isEqualTo(TopicsOfNodes.topics(OURS));
    }

    @Test
    void theUserMayDoWhatNodesDoUnderOurNamesOnly() {
        Set<String> granted = new TreeSet<>();
        ofKind(fixed, "KafkaUser")
                .flatMap(user ->
                        stream(user.tree().path("spec").path("authorization").path("acls")))
                .forEach(rule -> {
                    JsonNode resource = rule.path("resource");
                    granted.add(resource.path("type").asText() + " "
                            + resource.path("name").asText() + " "
                            + resource.path("patternType").asText());
                    assertThat(rule.path("operations")).isNotEmpty();
                    assertThat(rule.toString()).doesNotContain("\"All\"").doesNotContain("Alter");
                });
        assertThat(granted)
                .containsExactlyInAnyOrder(
                        "topic " + OURS.prefix() + " prefix",
                        "group " + OURS.prefix() + " prefix",
                        "group " + TopicsOfNodes.application(OURS) + " literal",
                        "transactionalId " + TopicsOfNodes.owners(OURS) + " prefix");
    }

    @Test
    void theBrokersAreToldWhatTheyKnowAndWhatStrimziLetsThrough() throws Exception {
        Set<String> known = AbstractKafkaConfig.CONFIG_DEF.names();
        List<String> refused = constant("FORBIDDEN_PREFIXES");
        List<String> allowed = constant("FORBIDDEN_PREFIX_EXCEPTIONS");
        assertThat(known).contains("broker.session.timeout.ms");
        for (Path overlay : Kustomization.overlays()) {
            Manifest kafka = ofKind(Kustomization.in(overlay).resources(), "Kafka")
                    .findFirst()
                    .orElseThrow();
            kafka.tree().path("spec").path("kafka").path("config").fieldNames().forEachRemaining(setting -> {
                assertThat(known).as(kafka.origin()).contains(setting);
                assertThat(refused.stream().noneMatch(setting::startsWith) || allowed.contains(setting))
                        .as("%s: %s is Strimzi's own", kafka.origin(), setting)
                        .isTrue();
            });
        }
    }

    @Test
    void everythingOfStrimziIsOfTheClusterThatNodesConnectTo() {
        for (Path overlay : Kustomization.overlays()) {
            Kustomization kustomization = Kustomization.in(overlay);
            List<Manifest> resources = kustomization.resources();
            Manifest kafka = ofKind(resources, "Kafka").findFirst().orElseThrow();
            JsonNode listener =
                    kafka.tree().path("spec").path("kafka").path("listeners").path(0);
            Map<String, String> environment = kustomization.environment("millrace-store");
            assertThat(environment.get("MILLRACE_KAFKA_BOOTSTRAP"))
                    .isEqualTo(kafka.name() + "-kafka-bootstrap:"
                            + listener.path("port").asInt());
            Stream.of("KafkaNodePool", "KafkaTopic", "KafkaUser")
                    .flatMap(kind -> ofKind(resources, kind))
                    .forEach(each -> assertThat(each.tree()
                                    .path("metadata")
                                    .path("labels")
                                    .path("strimzi.io/cluster")
                                    .asText())
                            .as(each.origin())
                            .isEqualTo(kafka.name()));
        }
    }

    @Test
    void thereAreAsManyCopiesAsBrokersAllow() {
        for (Path overlay : Kustomization.overlays()) {
            Kustomization kustomization = Kustomization.in(overlay);
            int brokers = ofKind(kustomization.resources(), "KafkaNodePool")
                    .map(pool -> pool.tree().path("spec"))
                    .filter(spec -> spec.path("roles").toString().contains("broker"))
                    .mapToInt(spec -> spec.path("replicas").asInt())
                    .sum();
            String copies = kustomization.environment("millrace-store").get("MILLRACE_KAFKA_REPLICATION");
            assertThat(copies).isEqualTo(Integer.toString(Math.min(3, brokers)));
            ofKind(kustomization.resources(), "Kafka").forEach(kafka -> {
                JsonNode config = kafka.tree().path("spec").path("kafka").path("config");
                assertThat(config.path("transaction.state.log.replication.factor")
                                .asText())
                        .isEqualTo(copies);
                assertThat(config.path("default.replication.factor").asText()).isEqualTo(copies);
            });
        }
    }

    @Test
    void changesOfTopicsAreOfFieldsThatAreThere() {
        int patches = 0;
        for (Path file : Checkout.manifests(".yaml")) {
            for (Manifest manifest : Manifest.in(file)) {
                if (!manifest.isJsonPatch()) {
                    continue;
                }
                for (JsonNode change : manifest.tree()) {
                    patches++;
                    JsonPointer path = JsonPointer.compile(change.path("path").asText());
                    assertThat(change.path("op").asText()).as(manifest.origin()).isEqualTo("replace");
                    assertThat(change.has("value")).as(manifest.origin()).isTrue();
                    assertThat(ofKind(fixed, "KafkaTopic"))
                            .as(manifest.origin())
                            .allMatch(topic -> !topic.tree().at(path).isMissingNode());
                }
            }
        }
        assertThat(patches).isPositive();
    }

    private static Stream<Manifest> ofKind(List<Manifest> resources, String kind) {
        return resources.stream().filter(each -> each.kind().equals(kind));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        List<JsonNode> each = new ArrayList<>();
        array.forEach(each::add);
        return each.stream();
    }

    /** By name, as the models' own annotations cannot be compiled against. */
    private static List<String> constant(String name) throws ReflectiveOperationException {
        Class<?> spec = Class.forName("io.strimzi.api.kafka.model.kafka.KafkaClusterSpec");
        String text = String.valueOf(spec.getField(name).get(null));
        return Stream.of(text.split(",", -1)).map(String::strip).collect(Collectors.toList());
    }
}
