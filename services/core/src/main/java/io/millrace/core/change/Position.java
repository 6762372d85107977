package io.millrace.core.change;

import io.millrace.core.address.Space;

/**
 * A place in a change topic. Positions of different partitions have no order.
 *
 * @param space which change topic
 * @param partition from 0
 * @param offset of a record, or -1 for before the first
 */
public record Position(Space space, int partition, long offset) {
    /** Whether this is at or after {@code other}, which must be of the same partition. */
    public boolean isAtOrAfter(Position other) {
        if (space != other.space || partition != other.partition) {
            throw new IllegalArgumentException("positions: " + this + " and " + other + " (expected: one partition)");
        }
        return offset >= other.offset;
    }
}
