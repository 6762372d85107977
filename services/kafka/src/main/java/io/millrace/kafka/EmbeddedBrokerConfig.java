package io.millrace.kafka;

import java.nio.file.Path;

/**
 * The broker that runs in this process.
 *
 * @param folder where everything it knows is kept; created if absent
 * @param port on which clients connect; 0 for any free one
 * @param bindHost the address listened on; a loopback address keeps strangers out, for the broker asks for no password
 * @param advertisedHost the name under which clients, this process included, reach it
 */
public record EmbeddedBrokerConfig(Path folder, int port, String bindHost, String advertisedHost) {
    /** Kafka's usual port. */
    public static final int DEFAULT_PORT = 9092;

    /** Checks the port and the names. */
    public EmbeddedBrokerConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("broker port: " + port + " (expected: 0 to 65535)");
        }
        if (bindHost.isBlank() || advertisedHost.isBlank()) {
            throw new IllegalArgumentException("broker host: blank (expected: a name or an address)");
        }
    }

    /** A broker that only this machine can reach. */
    public static EmbeddedBrokerConfig local(Path folder, int port) {
        return new EmbeddedBrokerConfig(folder, port, "127.0.0.1", "127.0.0.1");
    }
}
