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
     * The writer of a partition, which {@link #owner} gave.
     *
     * @throws UnavailableException if this node does not own it
     */
    static PartitionWriter require(@Nullable PartitionWriter writer, Space space, int partition) {
        if (writer == null) {
            throw missing(space, partition);
        }
        return writer;
    }

    /** What callers of a partition are told that this node does not own. */
    static UnavailableException missing(Space space, int partition) {
        return new UnavailableException(name(space, partition) + " has no owner here yet");
    }

    /** A partition in words, for instance {@code partition 3 of state}. */
    static String name(Space space, int partition) {
        return "partition " + partition + " of " + (space == Space.STATE ? "state" : "stream");
    }

    /** Wants to know what is served here. */
    @FunctionalInterface
    interface Watcher {
        /** Whether or since when a partition is served has changed. On the threads of the writers: must return at once. */
        void changed(Space space, int partition);
    }
}
