package io.millrace.core.address;

/** Where one value lives. */
public sealed interface Address permits StateAddress, StreamAddress {
    /** The scope or group it belongs to, which is the unit of order, atomicity and snapshot. */
    Unit unit();

    /** The name inside the unit: a state key or an item id. */
    String name();

    /** The family it belongs to. */
    default Space space() {
        return unit().space();
    }

    /** The canonical record key: equal addresses are equal bytes. */
    RecordKey recordKey();
}
