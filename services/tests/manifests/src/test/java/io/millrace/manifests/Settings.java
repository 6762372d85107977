package io.millrace.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.config.InvalidConfigException;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.config.Sources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Variables, and the node they configure. */
final class Settings {
    /** What stands for a value that is only known in a cluster, by the field or the key it comes from. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "metadata.name", "millrace-store-0",
            "status.podIP", "10.0.0.7",
            "secret", "at least sixteen characters",
            "sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required;");

    private Settings() {}

    /** The lines of an env file. */
    static Map<String, String> in(Path file) {
        Map<String, String> found = new LinkedHashMap<>();
        for (String line : Checkout.text(file).lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1 || found.put(line.substring(0, equals), line.substring(equals + 1)) != null) {
                throw new IllegalStateException(file + ": " + line + " (expected: NAME=value, each name once)");
            }
        }
        return found;
    }

    /** The variables that a workload's container is given by name. */
    static Map<String, String> of(Manifest workload) {
        Map<String, String> found = new LinkedHashMap<>();
        for (JsonNode variable : workload.container().path("env")) {
            JsonNode from = variable.path("valueFrom");
            String text = from.isMissingNode() ? variable.path("value").asText() : elsewhere(workload, from);
            found.put(variable.path("name").asText(), text);
        }
        return found;
    }

    private static String elsewhere(Manifest workload, JsonNode from) {
        String key = from.path("fieldRef").path("fieldPath").asText()
                + from.path("secretKeyRef").path("key").asText();
        String text = ELSEWHERE.get(key);
        if (text == null) {
            throw new IllegalStateException(
                    workload.origin() + ": " + from + " (expected: one of " + ELSEWHERE.keySet() + ")");
        }
        return text;
    }

    /** The node that these variables make, or all that is wrong with them. */
    static NodeConfig node(Map<String, String> environment, Path folder) {
        return NodeConfig.of(new Sources(Map.of(), environment, Optional.empty(), folder));
    }

    static List<String> problems(Map<String, String> environment, Path folder) {
        try {
            var _ = node(environment, folder);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.problems();
        }
    }

    /** The ports a node listens on, by the names the manifests have for them. */
    static Map<String, Integer> ports(NodeConfig config) {
        Map<String, Integer> ports = new TreeMap<>(Map.of(
                "http", config.http().port(),
                "streams", config.gateway().port(),
                "workers", config.workers().port(),
                "peers", config.fleet().port()));
        config.admin().healthPort().ifPresent(port -> ports.put("health", port));
        return ports;
    }
}
