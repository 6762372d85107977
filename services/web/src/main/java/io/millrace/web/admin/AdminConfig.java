package io.millrace.web.admin;

import io.millrace.web.listen.Bind;
import java.time.Duration;

/**
 * The admin API.
 *
 * @param ioThreads at least 1; as many as there are cores is best
 * @param maxBodyBytes the largest request body; a larger one is answered with 413
 * @param maxDepth how deep a request body may nest arrays and objects
 * @param callDeadline how long a call may take whose caller does not say
 */
public record AdminConfig(Bind bind, int ioThreads, int maxBodyBytes, int maxDepth, Duration callDeadline) {
    /** The longest time a caller may ask for. */
    public static final Duration LONGEST_CALL = Duration.ofHours(1);

    /** Checks the bounds. */
    public AdminConfig {
        if (ioThreads < 1 || maxBodyBytes < 1 || maxDepth < 1 || callDeadline.isNegative() || callDeadline.isZero()) {
            throw new IllegalArgumentException("limits: " + ioThreads + " threads, " + maxBodyBytes + " bytes, depth "
                    + maxDepth + ", " + callDeadline + " (expected: more than nothing)");
        }
    }
}
