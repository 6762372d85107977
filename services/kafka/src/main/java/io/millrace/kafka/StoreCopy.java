package io.millrace.kafka;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StoreClosedException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One partition's RocksDB store, for as long as this node is to own it. The stream thread applies, anybody reads. When it
 * is given up, the reference is dropped: the store itself may be opened again for somebody else.
 */
final class StoreCopy implements LocalCopy {
    private final String name;
    private volatile @Nullable KeyValueStore<Bytes, byte[]> store;
    private volatile long appliedOffset = -1;

    StoreCopy(String name, KeyValueStore<Bytes, byte[]> store) {
        this.name = name;
        this.store = store;
    }

    /** On the stream thread: takes a record in, then says so. A record may come again after a restart. */
    void apply(Bytes key, byte @Nullable [] value, long offset) {
        KeyValueStore<Bytes, byte[]> open = open();
        if (value == null) {
            open.delete(key);
        } else {
            open.put(key, value);
        }
        if (offset > appliedOffset) {
            appliedOffset = offset;
        }
    }

    /** On the stream thread: readers get {@link StoreClosedException} from now on. */
    void giveUp() {
        store = null;
    }

    @Override
    public long appliedOffset() {
        return appliedOffset;
    }

    @Override
    public @Nullable Json get(RecordKey key) {
        try {
            byte[] frame = open().get(Bytes.wrap(key.array()));
            return frame == null ? null : Json.ofTrusted(frame);
        } catch (InvalidStateStoreException e) {
            throw closed(e);
        }
    }

    @Override
    public Rows scan(RecordKey from, @Nullable RecordKey to) {
        try {
            Bytes end = to == null ? null : Bytes.wrap(to.array());
            return new StoreRows(this, open().range(Bytes.wrap(from.array()), end), to);
        } catch (InvalidStateStoreException e) {
            throw closed(e);
        }
    }

    private KeyValueStore<Bytes, byte[]> open() {
        KeyValueStore<Bytes, byte[]> open = store;
        if (open == null) {
            throw closed(null);
        }
        return open;
    }

    @Override
    public StoreClosedException closed(@Nullable Throwable cause) {
        return new StoreClosedException("copy of " + name + " has been given up", cause);
    }

    @Override
    public String toString() {
        return name + "@" + appliedOffset;
    }
}
