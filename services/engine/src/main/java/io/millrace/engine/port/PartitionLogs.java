package io.millrace.engine.port;

import io.millrace.core.address.Space;

/** The logs of all partitions of both change topics. */
public interface PartitionLogs {
    /** How many partitions the change topic of a space has; never changes. */
    int partitions(Space space);

    /** A log that has not been fenced yet. Cheap: connects when first used. */
    PartitionLog open(Space space, int partition);
}
