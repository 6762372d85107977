package io.millrace.node.run;

import io.millrace.node.config.NodeConfig;
import io.millrace.web.admin.AdminConfig;
import io.millrace.web.listen.Bind;
import io.millrace.web.stream.StreamGatewayConfig;

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
