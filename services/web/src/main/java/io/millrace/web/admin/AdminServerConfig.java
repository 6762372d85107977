package io.millrace.web.admin;

import io.millrace.web.listen.Bind;
import java.time.Duration;

/**
 * How the admin port behaves.
 *
 * @param ioThreads at least 1
 * @param maxBodyBytes the largest request body; beyond it the answer is 413
 * @param maxDepth how deep a payload may nest
 * @param timeout how long a call may take if its {@code Millrace-Timeout-Ms} header does not say
 */
public record AdminServerConfig(Bind bind, int ioThreads, int maxBodyBytes, int maxDepth, Duration timeout) {
    /** Checks the bounds. */
    public AdminServerConfig {
        if (ioThreads < 1 || maxBodyBytes < 1 || maxDepth < 1 || timeout.toMillis() < 1) {
            throw new IllegalArgumentException("admin port: " + ioThreads + " I/O threads, " + maxBodyBytes
                    + " byte bodies, depth " + maxDepth + ", timeout " + timeout + " (expected: all positive)");
        }
    }

    /** One I/O thread per core, bodies of 4 MiB, depth 512, 30 s. */
    public static AdminServerConfig on(Bind bind) {
        return new AdminServerConfig(
                bind, Runtime.getRuntime().availableProcessors(), 4 << 20, 512, Duration.ofSeconds(30));
    }
}
