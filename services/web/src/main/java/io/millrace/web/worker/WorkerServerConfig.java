package io.millrace.web.worker;

import io.millrace.web.listen.Bind;
import io.millrace.web.socket.MessageSocketConfig;

/**
 * How the worker port behaves.
 *
 * @param ioThreads at least 1; as many as there are cores is best
 * @param maxDepth how deep a message may nest, at least 4 more than a value may
 */
public record WorkerServerConfig(Bind bind, int ioThreads, int maxDepth, MessageSocketConfig sockets) {
    /** Checks the bounds. */
    public WorkerServerConfig {
        if (ioThreads < 1) {
            throw new IllegalArgumentException("ioThreads: " + ioThreads + " (expected: at least 1)");
        }
    }

    /** Everything at its default. */
    public static WorkerServerConfig on(Bind bind) {
        return new WorkerServerConfig(
                bind, Runtime.getRuntime().availableProcessors(), 132, MessageSocketConfig.defaults());
    }
}
