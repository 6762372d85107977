package io.millrace.kafka;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import io.millrace.engine.port.StoreClosedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** A copy that this node need not own. */
final class StaleCopy implements LocalCopy {
    private final TopicPartition at;
    private final ReadOnlyKeyValueStore<Bytes, byte[]> store;
    private final CopyPlace place;

    StaleCopy(TopicPartition at, ReadOnlyKeyValueStore<Bytes, byte[]> store, CopyPlace place) {
        this.at = at;
        this.store = store;
        this.place = place;
    }

    @Override
    public long appliedOffset() {
        return place.applied();
    }

    @Override
    public @Nullable Json get(RecordKey key) {
        try {
            byte[] frame = store.get(Bytes.wrap(key.array()));
            return frame == null ? null : Json.ofTrusted(frame);
        } catch (InvalidStateStoreException e) {
            throw closed(e);
        }
    }

    @Override
    public Rows scan(RecordKey from, @Nullable RecordKey to) {
        try {
            Bytes end = to == null ? null : Bytes.wrap(to.array());
            return new StoreRows(this, store.range(Bytes.wrap(from.array()), end), to);
        } catch (InvalidStateStoreException e) {
            throw closed(e);
        }
    }

    @Override
    public StoreClosedException closed(@Nullable Throwable cause) {
        return new StoreClosedException("copy of " + at + " has been given up", cause);
    }

    @Override
    public String toString() {
        return "replica of " + at + "@" + place.applied();
    }
}
