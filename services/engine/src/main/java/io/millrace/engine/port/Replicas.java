package io.millrace.engine.port;

import io.millrace.core.address.Space;
import org.jspecify.annotations.Nullable;

/** The copies of partitions that this node keeps, whoever owns them. Calls may come from any thread. */
@FunctionalInterface
public interface Replicas {
    /** This node's copy of a partition as it is now, or null if it keeps none that can be read. */
    @Nullable
    Replica replica(Space space, int partition);

    /**
     * A copy, perhaps behind.
     *
     * @param store what it holds; its {@code appliedOffset()} is the least that it includes
     * @param currentMs when this copy was known to lack nothing, in milliseconds since 1970; 0 if that was never so
     */
    record Replica(StateStore store, long currentMs) {}
}
