package io.millrace.engine.feed;

import io.millrace.core.change.Frames;
import io.millrace.core.value.Json;
import io.millrace.engine.read.Cut;
import java.util.ArrayList;
import java.util.List;

/** An encoded sync frame and where its snapshot ends; shared by all who wait for it. */
final class Snapshot {
    private static final long BEFORE_ALL = -1;

    private final long position;
    private final byte[] wire;

    private Snapshot(long position, byte[] wire) {
        this.position = position;
        this.wire = wire;
    }

    /** One that somebody else took: it says nothing about our log, so all that is told comes after it. */
    static Snapshot provided(Json frame, FrameEncoder encoder) {
        return new Snapshot(BEFORE_ALL, encoder.encode(Form.MESSAGE, frame, ""));
    }

    /** Reads a cut to its end and closes it. */
    static Snapshot of(Target target, Cut cut, FrameEncoder encoder) {
        try (cut) {
            Json frame = target.itemId() == null ? group(target, cut) : item(target, target.itemId(), cut);
            return new Snapshot(cut.position().offset(), encoder.encode(Form.MESSAGE, frame, ""));
        }
    }

    // The cut's millisecond is at or after every one in it and before every later one, which clients of the original
    // need: they drop what is not later than the last frame of its item, and snapshots that are older than that.

    private static Json group(Target target, Cut cut) {
        List<Json> values = new ArrayList<>();
        while (cut.hasNext()) {
            values.add(cut.next().value());
        }
        return Frames.groupSync(target.group(), values, cut.version().timestampMs());
    }

    private static Json item(Target target, String itemId, Cut cut) {
        Json value = cut.hasNext() ? cut.next().value() : null;
        return Frames.itemSync(target.group(), itemId, value, cut.version().timestampMs());
    }

    /** The last offset it includes. */
    long position() {
        return position;
    }

    byte[] wire() {
        return wire;
    }
}
