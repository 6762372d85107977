package io.millrace.fleet;

import io.millrace.harness.BrokerCluster;
import io.millrace.harness.Network;
import java.nio.file.Path;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Kafka that is not ours: the official image where a Docker engine answers and has or gets it, else a broker of the same
 * version from its Maven artifacts, in a process of its own. Says which.
 *
 * @param bootstrap host and port for clients
 * @param end ends it
 */
record OutsideKafka(String bootstrap, Runnable end) implements AutoCloseable {
    private static final String IMAGE = "apache/kafka:" + version();

    static OutsideKafka start(Path folder) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return forked(folder, "no Docker engine answers");
        }
        KafkaContainer container = new KafkaContainer(DockerImageName.parse(IMAGE));
        try {
            container.start();
        } catch (RuntimeException e) {
            // Not only launch failures: an engine may lack the image, a way to get it, or a network for its containers.
            container.close();
            return forked(folder, "the Docker engine does not run " + IMAGE + ": " + e.getMessage());
        }
        System.out.println("OUTSIDE KAFKA: image " + IMAGE + " in the Docker engine");
        return new OutsideKafka(container.getBootstrapServers(), container::close);
    }

    private static OutsideKafka forked(Path folder, String why) {
        System.out.println("OUTSIDE KAFKA: a forked broker " + version() + ", as " + why);
        BrokerCluster broker = BrokerCluster.start(1, new Network.Loopback(), folder, Map.of());
        return new OutsideKafka(broker.bootstrap(), broker::close);
    }

    private static String version() {
        return org.apache.kafka.common.utils.AppInfoParser.getVersion();
    }

    @Override
    public void close() {
        end.run();
    }
}
