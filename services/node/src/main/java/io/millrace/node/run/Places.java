package io.millrace.node.run;

import java.util.Optional;

/**
 * Where a running node can be found.
 *
 * @param edge the ports of what clients connect to; none on a node that is only a store
 * @param adminPort as bound, also when any free one was asked for
 * @param bootstrap what Kafka's clients connect to
 */
record Places(Optional<Edge> edge, int adminPort, String bootstrap, String clusterId, String nodeId) {
    /** All as bound. */
    record Edge(int gatewayPort, int workersPort, int httpPort) {}
}
