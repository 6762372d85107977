package io.millrace.loadtest;

import io.millrace.kafka.ClusterConfig;
import io.millrace.kafka.EmbeddedBroker;
import io.millrace.kafka.EmbeddedBrokerConfig;
import java.util.Map;

/** The broker under load. */
sealed interface Broker extends AutoCloseable {
    /** How the bare producer reaches it. */
    String bootstrapServers();

    /** How Millrace reaches it. */
    ClusterConfig cluster();

    /** For the heading of results. */
    String description();

    @Override
    void close();

    /** One in this process, whose folder is deleted afterwards. */
    record Embedded(TemporaryFolder folder, EmbeddedBroker broker) implements Broker {
        static Embedded start() {
            TemporaryFolder folder = new TemporaryFolder();
            try {
                return new Embedded(folder, EmbeddedBroker.start(EmbeddedBrokerConfig.local(folder.path(), 0)));
            } catch (RuntimeException e) {
                folder.close();
                throw e;
            }
        }

        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public ClusterConfig cluster() {
            return ClusterConfig.of(broker);
        }

        @Override
        public String description() {
            return "broker in this process";
        }

        @Override
        public void close() {
            broker.close();
            folder.close();
        }
    }

    /** Somebody else's. */
    record Foreign(String bootstrapServers) implements Broker {
        @Override
        public ClusterConfig cluster() {
            return ClusterConfig.at(bootstrapServers, Map.of());
        }

        @Override
        public String description() {
            return "broker at " + bootstrapServers;
        }

        @Override
        public void close() {}
    }
}
