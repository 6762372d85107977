package io.millrace.engine.port;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One committed record, as it was read.
 *
 * @param at whose log it is in
 * @param offset its place there; the next record's is larger, not always by one
 * @param writtenAt by the record's own timestamp
 * @param key null if it has none; any bytes, since not every topic has addresses for keys
 * @param value null for a tombstone. Trusted to be JSON: nobody has looked
 */
public record Received(
        TopicPartition at,
        long offset,
        Instant writtenAt,
        @Nullable RecordKey key,
        @Nullable Json value,
        Headers headers) {
    /** Its headers, read when asked for. */
    @FunctionalInterface
    public interface Headers {
        /** None. */
        Headers NONE = name -> null;

        /** The last header of that name as UTF-8, or null. */
        @Nullable
        String text(String name);
    }

    /** How many bytes key and value have. */
    public int sizeBytes() {
        return (key == null ? 0 : key.array().length) + (value == null ? 0 : value.sizeBytes());
    }
}
