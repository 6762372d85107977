package io.millrace.engine.feed;

import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.engine.read.Cut;
import java.util.ArrayList;
import java.util.List;

/** An encoded sync frame and where its snapshot ends; shared by all who wait for it. */
final class Snapshot {
    private final long position;
    private final byte[] wire;

    private Snapshot(long position, byte[] wire) {
        this.position = position;
        this.wire = wire;
    }

    /** Reads a cut to its end and closes it. */
    static Snapshot of(Target target, Cut cut, FrameEncoder encoder) {
        try (cut) {
            Json frame = target.itemId() == null ? group(target, cut) : item(target, target.itemId(), cut);
            return new Snapshot(cut.position().offset(), encoder.encode(frame));
        }
    }

    private static Json group(Target target, Cut cut) {
        List<Json> values = new ArrayList<>();
        while (cut.hasNext()) {
            values.add(cut.next().value());
        }
        return Frames.groupSync(target.group(), values, cut.version().timestampMs());
    }

    /**
     * Clients drop frames of an item that are not later than its last one. So the sync frame carries the item's own
     * timestamp, behind which the next change of the item surely lies; the partition's clock may be in the very
     * millisecond of that change. A missing item has none, and gets the last millisecond that is surely over.
     */
    private static Json item(Target target, String itemId, Cut cut) {
        if (cut.hasNext()) {
            Cut.Entry entry = cut.next();
            return Frames.itemSync(
                    target.group(), itemId, entry.value(), entry.version().timestampMs());
        }
        return Frames.itemSync(
                target.group(), itemId, null, Math.max(0, cut.version().timestampMs() - 1));
    }

    /** The last offset it includes. */
    long position() {
        return position;
    }

    byte[] wire() {
        return wire;
    }
}
