package io.millrace.web.peer;

import io.millrace.web.listen.Bind;
import java.time.Duration;
import java.util.Optional;

/**
 * How a node is connected with others.
 *
 * @param node this node's id
 * @param startMs when its process was started, in milliseconds since 1970
 * @param cluster the id of the Kafka cluster; nodes of another one are not let in
 * @param bind where others connect
 * @param ioThreads at least 1
 * @param secret what all nodes know and nobody else; empty: whoever connects is let in
 * @param tls the certificates with which nodes know each other; empty: connections are in the clear
 * @param heartbeat how often a connection is pinged
 * @param silence after how long without a byte from the other node a connection is given up
 * @param queueBytes the most that may wait to be sent to one node
 * @param messageBytes the largest body of a question, an answer or a notice
 */
public record PeerLinksConfig(
        String node,
        long startMs,
        String cluster,
        Bind bind,
        int ioThreads,
        Optional<String> secret,
        Optional<PeerCertificates> tls,
        Duration heartbeat,
        Duration silence,
        long queueBytes,
        int messageBytes) {
    /** Checks the bounds. */
    public PeerLinksConfig {
        atLeast("ioThreads", ioThreads, 1);
        atLeast("heartbeat (ms)", heartbeat.toMillis(), 10);
        atLeast("silence (ms)", silence.toMillis(), heartbeat.toMillis());
        atLeast("queueBytes", queueBytes, 1 << 10);
        atLeast("messageBytes", messageBytes, 1 << 10);
        if (node.isEmpty()) {
            throw new IllegalArgumentException("node: empty (expected: a node id)");
        }
    }

    private static void atLeast(String what, long actual, long expected) {
        if (actual < expected) {
            throw new IllegalArgumentException(what + ": " + actual + " (expected: at least " + expected + ")");
        }
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "PeerLinksConfig[" + node + ", " + bind.host() + ":" + bind.port() + "]";
    }
}
