package io.millrace.core.change;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;

/**
 * One record of a change topic, as it is written and read. What the frame does not say and a repeated reply needs is in
 * headers.
 *
 * @param key the record's key
 * @param frame the record's value: the event that triggers and sockets get, byte for byte; null for a tombstone
 * @param mutationId header {@value #MUTATION_ID}; null on tombstones, but {@code released} on a barrier that is an owner's last word
 * @param oldValue header {@value #OLD_VALUE}: on updates of stream items, whose frame has only the new value, and on
 *     deletes of a state value that was JSON's null
 * @param errors header {@value #OP_ERRORS}: on updates of which an op failed
 * @param traceParent header {@value #TRACE_PARENT}, when there is one
 */
public record ChangeRecord(
        RecordKey key,
        @Nullable Json frame,
        @Nullable MutationId mutationId,
        @Nullable Json oldValue,
        @Nullable Json errors,
        @Nullable String traceParent) {
    /** Header: the mutation id, UTF-8. */
    public static final String MUTATION_ID = "millrace-mutation-id";
    /** Header: the value before, JSON. */
    public static final String OLD_VALUE = "millrace-old-value";
    /** Header: the errors of failed ops, a JSON array as in the reply. */
    public static final String OP_ERRORS = "millrace-op-errors";
    /** Header: W3C trace context. */
    public static final String TRACE_PARENT = "traceparent";

    private static final MutationId RELEASED = new MutationId("released");

    /** The record of a change. A delete's is to be followed by a tombstone in the same transaction. */
    public static ChangeRecord of(Change change) {
        return of(change, change.address().recordKey());
    }

    /** The same for whoever has the key of the change's address at hand already. */
    public static ChangeRecord of(Change change, RecordKey key) {
        return Frames.record(change, key);
    }

    /** The record that lets compaction forget {@code key}. */
    public static ChangeRecord tombstone(RecordKey key) {
        return new ChangeRecord(key, null, null, null, null, null);
    }

    /** The record by which a new owner finds where its log begins. */
    public static ChangeRecord barrier() {
        return tombstone(RecordKey.BARRIER);
    }

    /** The barrier by which an owner says as its last word that it answers nobody any more. */
    public static ChangeRecord release() {
        return new ChangeRecord(RecordKey.BARRIER, null, RELEASED, null, null, null);
    }

    /** Whether it is an owner's last word. */
    public boolean isRelease() {
        return key.isBarrier() && RELEASED.equals(mutationId);
    }

    /** Whether it is a tombstone (a barrier is one too): readers ignore it. */
    public boolean isTombstone() {
        return frame == null;
    }

    /**
     * The change this record is of.
     *
     * @throws io.millrace.core.value.UnreadableTextException if the frame or a header is not one of ours
     * @throws io.millrace.core.address.UnreadableKeyException if the key is not
     * @throws IllegalStateException if it is a tombstone
     */
    public Change change() {
        return FrameReader.change(this);
    }

    /** About how much memory it takes. */
    public int sizeBytes() {
        int size = 64 + key.array().length;
        size += frame == null ? 0 : frame.sizeBytes();
        size += oldValue == null ? 0 : oldValue.sizeBytes();
        return size + (errors == null ? 0 : errors.sizeBytes());
    }
}
