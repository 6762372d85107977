package io.millrace.node.command;

import io.millrace.node.config.Sources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how a node is to be configured. */
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "file",
            description = "Settings, as YAML or properties (default: millrace.yaml or millrace.properties, if there).")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--kafka",
            paramLabel = "host:port",
            description = "A Kafka cluster to use instead of the broker inside.")
    private Optional<String> kafka = Optional.empty();

    @Option(names = "--data", paramLabel = "folder", description = "Where this node keeps its files (default: ./data).")
    private Optional<String> data = Optional.empty();

    @Option(names = "--kafka-port", paramLabel = "port", description = "Port of the broker inside (default: 9092).")
    private Optional<String> kafkaPort = Optional.empty();

    @Option(names = "--gateway-port", paramLabel = "port", description = "Port of the stream gateway (default: 3112).")
    private Optional<String> gatewayPort = Optional.empty();

    @Option(names = "--admin-port", paramLabel = "port", description = "Port of the admin API (default: 3113).")
    private Optional<String> adminPort = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "name=value",
            description = "Any other setting; `millrace config` lists them.")
    private Map<String, String> others = new LinkedHashMap<>();

    Sources sources() {
        Map<String, String> options = new LinkedHashMap<>(others);
        kafka.ifPresent(text -> options.put("kafka.bootstrap", text));
        data.ifPresent(text -> options.put("data.folder", text));
        kafkaPort.ifPresent(text -> options.put("kafka.embedded-port", text));
        gatewayPort.ifPresent(text -> options.put("gateway.port", text));
        adminPort.ifPresent(text -> options.put("admin.port", text));
        return new Sources(options, System.getenv(), file, Path.of("").toAbsolutePath());
    }
}
