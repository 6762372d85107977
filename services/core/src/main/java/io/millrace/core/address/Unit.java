package io.millrace.core.address;

/** A scope or a group: the unit of order, atomicity and snapshot. It lives in one partition. */
public sealed interface Unit permits Scope, Group {
    /** The family its addresses belong to. */
    Space space();

    /** The first bytes of the record keys of exactly the addresses of this unit. */
    KeyPrefix prefix();

    /** The address of {@code name} inside this unit. */
    Address address(String name);

    /**
     * The partition this unit lives in, by Kafka's own rule: positive murmur2 of the placement bytes, modulo the count.
     *
     * @param partitions how many partitions the change topic has, at least 1
     */
    default int partition(int partitions) {
        return Placement.partition(Placement.bytes(this), partitions);
    }
}
