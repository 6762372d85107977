package io.millrace.node.run;

import io.millrace.node.config.NodeConfig;
import io.millrace.web.admin.AdminConfig;
import io.millrace.web.admin.HealthServer;
import io.millrace.web.admin.Observed;
import io.millrace.web.listen.Bind;
import io.millrace.web.stream.StreamGatewayConfig;
import org.jspecify.annotations.Nullable;

/** The node's configuration in the words of the web module. */
final class WebParts {
    /** A value comes wrapped: payload, ops, the op. */
    private static final int WRAPPING_DEPTH = 4;

    private WebParts() {}

    static AdminConfig admin(NodeConfig config) {
        return new AdminConfig(
                new Bind(config.admin().host(), config.admin().port(), "admin.port"),
                ioThreads(),
                config.limits().bodyBytes(),
                config.limits().depth() + WRAPPING_DEPTH,
                config.callDeadline());
    }

    /** A port for probes, if one is wanted. */
    static @Nullable HealthServer health(NodeConfig config, Observed observed) {
        NodeConfig.Admin admin = config.admin();
        return admin.healthPort()
                .map(port -> HealthServer.open(new Bind(admin.healthHost(), port, "health.port"), observed))
                .orElse(null);
    }

    static StreamGatewayConfig gateway(NodeConfig config) {
        NodeConfig.Gateway gateway = config.gateway();
        StreamGatewayConfig.Limits limits = new StreamGatewayConfig.Limits(
                gateway.maxMessageBytes(),
                gateway.maxSockets(),
                gateway.maxSubscriptions(),
                config.limits().nameBytes(),
                gateway.socketQueueBytes(),
                gateway.nodeQueueBytes());
        return new StreamGatewayConfig(
                new Bind(gateway.host(), gateway.port(), "gateway.port"),
                ioThreads(),
                limits,
                new StreamGatewayConfig.Shares(gateway.maxSocketsPerAddress(), gateway.maxMessagesPerSecond()),
                liveness(gateway),
                compression(config),
                gateway.allowedOrigins());
    }

    static StreamGatewayConfig.Compression compression(NodeConfig config) {
        NodeConfig.Gateway gateway = config.gateway();
        return new StreamGatewayConfig.Compression(gateway.compression(), gateway.compressionMinBytes());
    }

    private static StreamGatewayConfig.Liveness liveness(NodeConfig.Gateway gateway) {
        int missedPings = (int) Math.ceilDiv(
                        gateway.idleTimeout().toMillis(), gateway.pingInterval().toMillis())
                - 1;
        return new StreamGatewayConfig.Liveness(
                gateway.pingInterval(),
                Math.max(1, missedPings),
                gateway.idleTimeout(),
                StreamGatewayConfig.Liveness.defaults().closeTimeout());
    }

    private static int ioThreads() {
        return Runtime.getRuntime().availableProcessors();
    }
}
