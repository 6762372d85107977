package io.millrace.engine.port;

/** Whether this node may still believe that nobody else owns what it owns. */
@FunctionalInterface
public interface Lease {
    /**
     * True while the last sign of life from the group's coordinator is younger than the session time-out, so that no
     * other node can have been given this node's partitions. Joining the group is such a sign, so it is held from the
     * moment a partition is assigned. Reads at the owner are answered, and partitions fenced, only while it is held.
     */
    boolean held();
}
