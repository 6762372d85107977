package io.millrace.kafka;

import io.millrace.core.address.MalformedNameException;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.UnreadableKeyException;
import io.millrace.core.value.Json;
import io.millrace.engine.port.EventLog;
import io.millrace.engine.port.Tail.Source;
import io.millrace.engine.port.Tail.Told;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Records of the stream topics as what is told of them. */
final class ToldCodec {
    /** More digits than this are none of ours. */
    private static final int MOST_DIGITS = 18;

    private ToldCodec() {}

    /**
     * What is told; null for tombstones and barriers.
     *
     * @throws UnreadableException if it is none of ours: whoever gets the frame is found by the group in the key
     */
    static @Nullable Told decode(Source source, ConsumerRecord<byte[], byte @Nullable []> record) {
        if (record.key() == null) {
            throw new UnreadableException(record.offset(), "no key");
        }
        RecordKey key = RecordKey.ofBytes(record.key());
        byte[] frame = record.value();
        if (key.isBarrier() && frame == null) {
            return null;
        }
        try {
            var _ = key.group();
        } catch (UnreadableKeyException | MalformedNameException e) {
            throw new UnreadableException(record.offset(), String.valueOf(e.getMessage()));
        }
        if (frame == null) {
            return null;
        }
        long after = switch (source) {
            case CHANGE -> -1;
            case EVENT -> after(record);
        };
        return new Told(source, record.offset(), key, Json.ofTrusted(frame), after, record.timestamp());
    }

    private static long after(ConsumerRecord<byte[], byte @Nullable []> record) {
        String text = RecordCodec.text(record.headers(), EventLog.AFTER_OFFSET);
        if (text == null) {
            return -1;
        }
        boolean number = !text.isEmpty()
                && text.length() <= MOST_DIGITS
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        if (!number) {
            throw new UnreadableException(record.offset(), EventLog.AFTER_OFFSET + " is no offset");
        }
        return Long.parseLong(text);
    }

    /** A record that cannot be read. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final long offset;

        UnreadableException(long offset, String reason) {
            super(reason, null, false, false);
            this.offset = offset;
        }

        long offset() {
            return offset;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
