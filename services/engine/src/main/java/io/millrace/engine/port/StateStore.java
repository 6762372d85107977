package io.millrace.engine.port;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * This node's copy of one partition: the latest committed record of each key, raw, as of {@link #appliedOffset()} or a
 * little later. It follows the log by itself. All calls may come from any thread.
 */
public interface StateStore {
    /**
     * Every committed record at or before this offset is in the store; -1 when nothing is known yet. Never goes back. Read
     * it <em>before</em> reading values, to know what they include at least.
     */
    long appliedOffset();

    /**
     * The frame last written for {@code key}, or null. A frame may be a delete's: then the value is missing.
     *
     * @throws StoreClosedException if the copy has been given up: another node may own the partition
     */
    @Nullable
    Json get(RecordKey key);

    /**
     * The entries from {@code from} inclusive to {@code to} exclusive, in key order, exactly as they are at the time of
     * the call. Another thread may iterate; whoever got it must close it.
     *
     * @param to null for no end
     * @throws StoreClosedException if the copy has been given up, now or while iterating
     */
    Rows scan(RecordKey from, @Nullable RecordKey to);

    /** Entries in key order. Not thread-safe. */
    interface Rows extends Iterator<Row>, AutoCloseable {
        @Override
        void close();
    }

    /** One entry. */
    record Row(RecordKey key, Json frame) {}
}
