package io.millrace.engine.read;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.change.Current;
import io.millrace.core.change.Position;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StateStore.Rows;
import java.util.Iterator;
import java.util.NavigableMap;

/**
 * A snapshot exact as of its position: every change at or before it, none after. Iterates the values in key order. Taken
 * on the writer's thread, iterated by one other, which may have to wait.
 */
public final class Cut implements Iterator<Cut.Entry>, AutoCloseable {
    private final Position position;
    private final Version version;
    private final Entries entries;

    /**
     * Joins what is not materialised yet with what is.
     *
     * @param position the last committed record
     * @param version the partition's clock at that position: at or after every version in the snapshot
     * @param overlay the newest committed values that the store may lack, immutable
     * @param rows the store's entries in the same range, opened after the overlay was copied; closed by this
     */
    public Cut(Position position, Version version, NavigableMap<RecordKey, Current> overlay, Rows rows) {
        this(position, version, new Merged(position.space(), overlay, rows));
    }

    /** A snapshot of these values, in key order; closed by this. */
    public Cut(Position position, Version version, Entries entries) {
        this.position = position;
        this.version = version;
        this.entries = entries;
    }

    /** The last committed record this snapshot includes. */
    public Position position() {
        return position;
    }

    /** The partition's clock: at or after every version in the snapshot. */
    public Version version() {
        return version;
    }

    /** The space of the partition. */
    public Space space() {
        return position.space();
    }

    /**
     * Whether there is another value.
     *
     * @throws io.millrace.engine.write.UnavailableException if the rest is at a node that is gone
     * @throws io.millrace.engine.port.StoreClosedException if the rest is in a copy that has been given up
     */
    @Override
    public boolean hasNext() {
        return entries.hasNext();
    }

    @Override
    public Entry next() {
        return entries.next();
    }

    @Override
    public void close() {
        entries.close();
    }

    /** Values in key order, not thread-safe. */
    public interface Entries extends Iterator<Entry>, AutoCloseable {
        @Override
        void close();
    }

    /** One value. Its name is in the key. */
    public record Entry(RecordKey key, Json value, Version version) {
        /** The state key or item id. */
        public String name() {
            return key.address().name();
        }
    }
}
