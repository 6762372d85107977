package io.millrace.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * This node among others.
 *
 * @param roles what it does; never empty
 * @param host where other nodes connect
 * @param advertised {@code host:port} that they are told to connect to; empty: this machine's own name and the port
 * @param secret what all nodes know and nobody else
 * @param keystore PKCS#12, with its own certificate and key and those of the authorities it trusts; empty: no TLS
 * @param keystorePassword of the keystore
 * @param heartbeat how often it says that it lives
 * @param silence after how long without a sign of life it is taken for dead
 * @param queueBytes the most that may wait for one other node
 * @param drain how long it goes on serving when told to stop
 */
public record FleetConfig(
        List<Role> roles,
        String host,
        int port,
        Optional<String> advertised,
        Optional<String> secret,
        Optional<Path> keystore,
        Optional<String> keystorePassword,
        Duration heartbeat,
        Duration silence,
        long queueBytes,
        Duration drain) {
    /** Copies the list. */
    public FleetConfig {
        roles = List.copyOf(roles);
    }

    /** Whether it owns partitions. */
    public boolean isStore() {
        return roles.contains(Role.STORE);
    }

    /** Whether workers, HTTP and stream clients connect to it. */
    public boolean isEdge() {
        return roles.contains(Role.EDGE);
    }

    /** Whether nobody but this machine's own programs can connect. */
    boolean isLocal() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "FleetConfig[" + roles + ", " + host + ":" + port + "]";
    }
}
