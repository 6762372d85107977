package io.millrace.web.admin;

import java.time.Duration;

/**
 * The admin API.
 *
 * @param host the address to listen on
 * @param port 0 for any free one
 * @param portSetting the name of the setting that chooses the port, for a message
 * @param maxBodyBytes the largest request body; a larger one is answered with 413
 * @param maxDepth how deep a request body may nest arrays and objects
 * @param callDeadline how long a call may take whose caller does not say
 */
public record AdminConfig(
        String host, int port, String portSetting, int maxBodyBytes, int maxDepth, Duration callDeadline) {
    /** The longest time a caller may ask for. */
    public static final Duration LONGEST_CALL = Duration.ofHours(1);

    /** Checks the bounds. */
    public AdminConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (maxBodyBytes < 1 || maxDepth < 1 || callDeadline.isNegative() || callDeadline.isZero()) {
            throw new IllegalArgumentException("limits: " + maxBodyBytes + " bytes, depth " + maxDepth + ", "
                    + callDeadline + " (expected: more than nothing)");
        }
    }
}
