package io.millrace.node.run;

/**
 * Where a running node can be found.
 *
 * @param gatewayPort as bound, also when any free one was asked for
 * @param workersPort likewise
 * @param httpPort likewise
 * @param adminPort likewise
 * @param bootstrap what Kafka's clients connect to
 */
record Places(
        int gatewayPort,
        int workersPort,
        int httpPort,
        int adminPort,
        String bootstrap,
        String clusterId,
        String nodeId) {}
