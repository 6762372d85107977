package io.millrace.node.run;

import io.millrace.kafka.ClusterConfig;
import io.millrace.kafka.EmbeddedBroker;
import io.millrace.kafka.EmbeddedBrokerConfig;
import io.millrace.kafka.KafkaBackendConfig;
import io.millrace.kafka.StoreConfig;
import io.millrace.kafka.TopicsConfig;
import io.millrace.node.config.NodeConfig;
import org.jspecify.annotations.Nullable;

/** The node's configuration in the words of the kafka module. */
final class KafkaParts {
    private KafkaParts() {}

    static EmbeddedBrokerConfig broker(NodeConfig.Broker broker, DataFolder folder) {
        return new EmbeddedBrokerConfig(
                folder.resolve("broker"),
                broker.embeddedPort(),
                broker.embeddedHost(),
                advertised(broker.embeddedHost()));
    }

    /** Nobody can connect to "every network". */
    private static String advertised(String host) {
        return host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    }

    static KafkaBackendConfig backend(
            NodeConfig config, String nodeId, DataFolder folder, @Nullable EmbeddedBroker embedded) {
        NodeConfig.Broker broker = config.broker();
        String bootstrap = embedded == null ? String.join(",", broker.bootstrap()) : embedded.bootstrapServers();
        return new KafkaBackendConfig(
                nodeId,
                folder.resolve("store"),
                new ClusterConfig(
                        bootstrap,
                        broker.clientProperties(),
                        broker.callTimeout(),
                        config.writer().producers() == 2),
                new TopicsConfig(
                        broker.topicPrefix(),
                        broker.partitions(),
                        broker.replication(),
                        broker.history(),
                        config.limits().valueBytes()),
                store(config),
                config.fleet().isStore());
    }

    static StoreConfig store(NodeConfig config) {
        NodeConfig.Store store = config.store();
        return new StoreConfig(
                store.threads(),
                store.standbys(),
                store.sessionTimeout(),
                store.memoryBytes(),
                !config.broker().isEmbedded());
    }
}
