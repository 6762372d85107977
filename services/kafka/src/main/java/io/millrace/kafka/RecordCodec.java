package io.millrace.kafka;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.ChangeRecord;
import io.millrace.core.change.MutationId;
import io.millrace.core.value.Json;
import io.millrace.engine.port.Received;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Change records as Kafka's. Bytes go in and out as they are. */
final class RecordCodec {
    private RecordCodec() {}

    static ProducerRecord<byte[], byte @Nullable []> encode(TopicPartition at, ChangeRecord record, long nowMs) {
        RecordHeaders headers = new RecordHeaders();
        MutationId id = record.mutationId();
        add(headers, ChangeRecord.MUTATION_ID, id == null ? null : utf8(id.text()));
        add(headers, ChangeRecord.OLD_VALUE, bytes(record.oldValue()));
        add(headers, ChangeRecord.OP_ERRORS, bytes(record.errors()));
        String traceParent = record.traceParent();
        add(headers, ChangeRecord.TRACE_PARENT, traceParent == null ? null : utf8(traceParent));
        return new ProducerRecord<>(
                at.topic(), at.partition(), nowMs, record.key().array(), bytes(record.frame()), headers);
    }

    /**
     * The record that was encoded.
     *
     * @throws IllegalArgumentException if it was not: a foreign record in our topic
     */
    static ChangeRecord decode(ConsumerRecord<byte[], byte @Nullable []> record) {
        if (record.key() == null) {
            throw new IllegalArgumentException("key: missing (expected: an address)");
        }
        Headers headers = record.headers();
        String id = text(headers, ChangeRecord.MUTATION_ID);
        return new ChangeRecord(
                RecordKey.ofBytes(record.key()),
                json(record.value()),
                id == null ? null : new MutationId(id),
                json(value(headers, ChangeRecord.OLD_VALUE)),
                json(value(headers, ChangeRecord.OP_ERRORS)),
                text(headers, ChangeRecord.TRACE_PARENT));
    }

    /** A record of any topic of ours. */
    static Received received(
            io.millrace.engine.port.TopicPartition at, ConsumerRecord<byte[], byte @Nullable []> record) {
        return new Received(
                at,
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key() == null ? null : RecordKey.ofBytes(record.key()),
                json(record.value()),
                name -> text(record.headers(), name));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void add(RecordHeaders headers, String name, byte @Nullable [] value) {
        if (value != null) {
            headers.add(name, value);
        }
    }

    private static byte @Nullable [] bytes(@Nullable Json json) {
        return json == null ? null : json.utf8();
    }

    private static @Nullable Json json(byte @Nullable [] utf8) {
        return utf8 == null ? null : Json.ofTrusted(utf8);
    }

    static @Nullable String text(Headers headers, String name) {
        byte[] value = value(headers, name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] value(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }
}
