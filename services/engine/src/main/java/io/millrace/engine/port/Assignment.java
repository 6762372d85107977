package io.millrace.engine.port;

import io.millrace.core.address.Space;

/** Gets told which partitions this node is to own. All calls return at once. */
public interface Assignment {
    /** This node is to own the partition, and {@code store} is its copy, perhaps still far behind. */
    void assigned(Space space, int partition, StateStore store);

    /**
     * This node is to own the partition no longer; {@code store} closes as soon as this returns. Ignored if the partition
     * has been assigned again with another store.
     */
    void revoked(Space space, int partition, StateStore store);
}
