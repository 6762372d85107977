package io.millrace.node.run;

import io.millrace.node.config.NodeConfig;
import io.millrace.web.admin.AdminConfig;

/** The node's configuration in the words of the web module. */
final class WebParts {
    /** A value comes wrapped: payload, ops, the op. */
    private static final int WRAPPING_DEPTH = 4;

    private WebParts() {}

    static AdminConfig admin(NodeConfig config) {
        return new AdminConfig(
                config.admin().host(),
                config.admin().port(),
                "admin.port",
                config.limits().bodyBytes(),
                config.limits().depth() + WRAPPING_DEPTH,
                config.callDeadline());
    }
}
