package io.millrace.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;

/**
 * The Kafka cluster everything is kept in.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param clientSettings passed to every Kafka client as they are: {@code security.protocol}, {@code sasl.*}, {@code ssl.*}
 * @param callTimeout how long to wait for the cluster, at start and whenever a partition is taken over; at least 1 s
 * @param pingPong whether each owner writes through two producers in turn: quicker where the brokers'
 *     {@code add.partitions.to.txn.retry.backoff.ms} has its default, useless where it is 1 as on our own broker
 */
public record ClusterConfig(
        String bootstrapServers, Map<String, String> clientSettings, Duration callTimeout, boolean pingPong) {
    /** How long to wait for the cluster unless told otherwise. */
    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    /** Copies the settings. */
    public ClusterConfig {
        clientSettings = Map.copyOf(clientSettings);
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrap servers: blank (expected: host:port)");
        }
        if (callTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("call timeout: " + callTimeout + " (expected: at least PT1S)");
        }
    }

    /** The broker in this process. */
    public static ClusterConfig of(EmbeddedBroker broker) {
        return new ClusterConfig(broker.bootstrapServers(), Map.of(), CALL_TIMEOUT, false);
    }

    /** Somebody else's cluster. */
    public static ClusterConfig at(String bootstrapServers, Map<String, String> clientSettings) {
        return new ClusterConfig(bootstrapServers, clientSettings, CALL_TIMEOUT, true);
    }

    /** Names the client settings only: they may hold passwords. */
    @Override
    public String toString() {
        return "ClusterConfig[" + bootstrapServers + ", settings " + new TreeSet<>(clientSettings.keySet()) + ", "
                + callTimeout + (pingPong ? ", ping-pong]" : "]");
    }
}
