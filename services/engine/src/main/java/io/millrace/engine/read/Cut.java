package io.millrace.engine.read;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.core.change.Position;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StateStore.Row;
import io.millrace.engine.port.StateStore.Rows;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot exact as of its position: every change at or before it, none after. Iterates the values in key order. Taken
 * on the writer's thread, iterated by one other.
 */
public final class Cut implements Iterator<Cut.Entry>, AutoCloseable {
    private final Position position;
    private final Version version;
    private final Rows rows;
    private final Iterator<Map.Entry<RecordKey, Current>> overlay;
    private @Nullable Row row;
    private Map.@Nullable Entry<RecordKey, Current> over;
    private @Nullable Entry next;

    /**
     * Joins what is not materialised yet with what is.
     *
     * @param position the last committed record
     * @param version the partition's clock at that position: at or after every version in the snapshot
     * @param overlay the newest committed values that the store may lack, immutable
     * @param rows the store's entries in the same range, opened after the overlay was copied; closed by this
     */
    public Cut(Position position, Version version, NavigableMap<RecordKey, Current> overlay, Rows rows) {
        this.position = position;
        this.version = version;
        this.rows = rows;
        this.overlay = overlay.entrySet().iterator();
        this.over = this.overlay.hasNext() ? this.overlay.next() : null;
    }

    /** The last committed record this snapshot includes. */
    public Position position() {
        return position;
    }

    /** The partition's clock: at or after every version in the snapshot. */
    public Version version() {
        return version;
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
    public Entry next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Entry entry = next;
        next = null;
        return entry;
    }

    @Override
    public void close() {
        rows.close();
    }

    /** Takes the smaller key of both sides; of equal ones the overlay's, which is at least as new. */
    private @Nullable Entry merge() {
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
        return entry(
                stored.key(), Frames.current(position.space(), stored.frame().utf8()));
    }

    private static @Nullable Entry entry(RecordKey key, Current current) {
        return switch (current) {
            case Current.Present present -> new Entry(key, present.value(), present.version());
            case Current.Missing ignored -> null;
        };
    }

    /** One value. Its name is in the key. */
    public record Entry(RecordKey key, Json value, Version version) {
        /** The state key or item id. */
        public String name() {
            return key.address().name();
        }
    }

    /** The space of the partition. */
    public Space space() {
        return position.space();
    }
}
