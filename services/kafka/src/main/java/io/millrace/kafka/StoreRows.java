package io.millrace.kafka;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StateStore.Row;
import io.millrace.engine.port.StateStore.Rows;
import java.util.NoSuchElementException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** A snapshot of a range of a store. RocksDB includes the end of a range, we do not. */
final class StoreRows implements Rows {
    private final LocalCopy copy;
    private final KeyValueIterator<Bytes, byte[]> entries;
    private final @Nullable RecordKey to;
    private @Nullable Row next;
    private boolean closed;

    StoreRows(LocalCopy copy, KeyValueIterator<Bytes, byte[]> entries, @Nullable RecordKey to) {
        this.copy = copy;
        this.entries = entries;
        this.to = to;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !closed) {
            next = read();
        }
        return next != null;
    }

    private @Nullable Row read() {
        try {
            if (!entries.hasNext()) {
                return null;
            }
            KeyValue<Bytes, byte[]> entry = entries.next();
            RecordKey key = RecordKey.ofBytes(entry.key.get());
            return to != null && key.compareTo(to) >= 0 ? null : new Row(key, Json.ofTrusted(entry.value));
        } catch (InvalidStateStoreException e) {
            throw copy.closed(e);
        }
    }

    @Override
    public Row next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException("row after the last of " + copy);
        }
        Row row = next;
        next = null;
        return row;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            next = null;
            entries.close();
        }
    }
}
