package io.millrace.engine.route;

import java.util.concurrent.atomic.AtomicLongArray;

/** An offset for each partition. */
final class Offsets {
    private Offsets() {}

    /** -1 for each. */
    static AtomicLongArray none(int partitions) {
        AtomicLongArray offsets = new AtomicLongArray(partitions);
        for (int i = 0; i < partitions; i++) {
            offsets.set(i, -1);
        }
        return offsets;
    }
}
