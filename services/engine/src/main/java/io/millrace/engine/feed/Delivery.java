package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.engine.port.Tail.Source;
import org.jspecify.annotations.Nullable;

/** One frame on its way to the subscribers of a group, shared by all of them. */
final class Delivery {
    private final Source source;
    private final long offset;
    private final Group group;
    private final @Nullable String itemId;
    private final byte[] wire;

    /**
     * A frame.
     *
     * @param itemId null when it is for group subscriptions only
     * @param wire the encoded frame
     */
    Delivery(Source source, long offset, Group group, @Nullable String itemId, byte[] wire) {
        this.source = source;
        this.offset = offset;
        this.group = group;
        this.itemId = itemId;
        this.wire = wire;
    }

    Group group() {
        return group;
    }

    @Nullable
    String itemId() {
        return itemId;
    }

    byte[] wire() {
        return wire;
    }

    boolean isEvent() {
        return source == Source.EVENT;
    }

    /** Whether a snapshot that ends at {@code position} does not include it. Events are in no snapshot. */
    boolean isAfter(long position) {
        return isEvent() || offset > position;
    }
}
