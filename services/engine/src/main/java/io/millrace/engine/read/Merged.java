package io.millrace.engine.read;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.engine.port.StateStore.Row;
import io.millrace.engine.port.StateStore.Rows;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The values of an overlay over a store. */
final class Merged implements Cut.Entries {
    private final Space space;
    private final Rows rows;
    private final Iterator<Map.Entry<RecordKey, Current>> overlay;
    private @Nullable Row row;
    private Map.@Nullable Entry<RecordKey, Current> over;
    private Cut.@Nullable Entry next;

    Merged(Space space, NavigableMap<RecordKey, Current> overlay, Rows rows) {
        this.space = space;
        this.rows = rows;
        this.overlay = overlay.entrySet().iterator();
        this.over = this.overlay.hasNext() ? this.overlay.next() : null;
    }

    @Override
    public boolean hasNext() {
        while (next == null) {
            if (row == null && rows.hasNext()) {
                row = rows.next();
            }
            if (row == null && over == null) {
                return false;
            }
            next = merge();
        }
        return true;
    }

    @Override
    public Cut.Entry next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Cut.Entry entry = next;
        next = null;
        return entry;
    }

    @Override
    public void close() {
        rows.close();
    }

    /** Takes the smaller key of both sides; of equal ones the overlay's, which is at least as new. */
    private Cut.@Nullable Entry merge() {
        Row stored = row;
        Map.Entry<RecordKey, Current> newer = over;
        if (newer != null && (stored == null || newer.getKey().compareTo(stored.key()) <= 0)) {
            if (stored != null && newer.getKey().equals(stored.key())) {
                row = null;
            }
            over = overlay.hasNext() ? overlay.next() : null;
            return entry(newer.getKey(), newer.getValue());
        }
        if (stored == null) {
            return null;
        }
        row = null;
        if (stored.key().isBarrier()) {
            return null;
        }
        return entry(stored.key(), Frames.current(space, stored.frame().utf8()));
    }

    private static Cut.@Nullable Entry entry(RecordKey key, Current current) {
        return switch (current) {
            case Current.Present present -> new Cut.Entry(key, present.value(), present.version());
            case Current.Missing ignored -> null;
        };
    }
}
