package io.millrace.kafka;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What a node needs to know to keep everything in Kafka.
 *
 * @param nodeId the node's name, for ever the same and never that of two running nodes
 * @param folder where the local copies are kept; may be lost, they are rebuilt from the topics
 * @param owning whether it owns partitions and keeps copies; if not, the folder is not touched
 */
public record KafkaBackendConfig(
        String nodeId, Path folder, ClusterConfig cluster, TopicsConfig topics, StoreConfig store, boolean owning) {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    /** Checks the name. */
    public KafkaBackendConfig {
        if (!LEGAL.matcher(nodeId).matches()) {
            throw new IllegalArgumentException(
                    "node id: " + nodeId + " (expected: 1 to 200 letters, digits, dots, dashes, underscores)");
        }
    }

    /** A node that owns partitions. */
    public KafkaBackendConfig(
            String nodeId, Path folder, ClusterConfig cluster, TopicsConfig topics, StoreConfig store) {
        this(nodeId, folder, cluster, topics, store, true);
    }
}
