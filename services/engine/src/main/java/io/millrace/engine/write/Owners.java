package io.millrace.engine.write;

import io.millrace.core.address.Space;
import org.jspecify.annotations.Nullable;

/** Who owns which partition on this node. */
public interface Owners {
    /** The writer of a partition, or null if this node does not own it. */
    @Nullable
    PartitionWriter owner(Space space, int partition);

    /** How many partitions a space has. */
    int partitions(Space space);

    /**
     * The writer of a partition.
     *
     * @throws UnavailableException if this node does not own it
     */
    static PartitionWriter require(Owners owners, Space space, int partition) {
        PartitionWriter writer = owners.owner(space, partition);
        if (writer == null) {
            throw missing(space, partition);
        }
        return writer;
    }

    /** What callers of a partition are told that this node does not own. */
    static UnavailableException missing(Space space, int partition) {
        String family = space == Space.STATE ? "state" : "stream";
        return new UnavailableException("partition " + partition + " of " + family + " has no owner here yet");
    }
}
