package io.millrace.core.change;

import io.millrace.core.address.Group;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of state events and stream frames: the values of records, which triggers and sockets get as they are. */
public final class Frames {
    private static final String OLD_VALUE = ",\"old_value\":";
    private static final String NEW_VALUE = ",\"new_value\":";
    private static final String VERSION = ",\"version\":";

    private Frames() {}

    /**
     * What a store's entry says its address holds.
     *
     * @param frame the value of a record
     * @throws io.millrace.core.value.UnreadableTextException if it is not the frame of a change
     */
    public static Current current(Space space, byte[] frame) {
        FrameReader read = FrameReader.read(space, frame);
        Json value = read.newValue();
        return value == null ? new Current.Missing(read.version()) : new Current.Present(value, read.version());
    }

    /** The frame of an event that is told and not stored. */
    public static Json event(Group group, @Nullable String id, String type, Json value, long timestampMs) {
        JsonText text = new JsonText(192 + value.sizeBytes());
        streamHead(text, timestampMs, group, id);
        return text.raw("{\"type\":\"event\",\"event\":{\"type\":")
                .quoted(type)
                .raw(",\"data\":")
                .json(value)
                .raw("}}}")
                .toJson();
    }

    /**
     * The frame of a change to an item that somebody else keeps: like that of our own changes, but without a version.
     *
     * @param value the new one, or the one that was deleted
     */
    public static Json provided(Group group, String id, Change.Kind kind, Json value, long timestampMs) {
        JsonText text = new JsonText(192 + value.sizeBytes());
        streamHead(text, timestampMs, group, id);
        return text.raw("{\"type\":")
                .quoted(streamType(kind))
                .raw(",\"data\":")
                .json(value)
                .raw("}}")
                .toJson();
    }

    /** The first frame of a subscription to one item, which may be missing. */
    public static Json itemSync(Group group, String id, @Nullable Json value, long timestampMs) {
        JsonText text = new JsonText(192 + (value == null ? 4 : value.sizeBytes()));
        streamHead(text, timestampMs, group, id);
        return text.raw("{\"type\":\"sync\",\"data\":")
                .json(value == null ? Json.NULL : value)
                .raw("}}")
                .toJson();
    }

    /** The first frame of a subscription to a group. */
    public static Json groupSync(Group group, List<Json> values, long timestampMs) {
        int sizeBytes = values.stream().mapToInt(value -> value.sizeBytes() + 1).sum();
        JsonText text = new JsonText(192 + sizeBytes);
        streamHead(text, timestampMs, group, null);
        text.raw("{\"type\":\"sync\",\"data\":");
        array(text, values);
        return text.raw("}}").toJson();
    }

    /** The same with all values in one array. */
    public static Json groupSync(Group group, Json values, long timestampMs) {
        JsonText text = new JsonText(192 + values.sizeBytes());
        streamHead(text, timestampMs, group, null);
        return text.raw("{\"type\":\"sync\",\"data\":").json(values).raw("}}").toJson();
    }

    /** The frame of a join that was rejected. */
    public static Json unauthorized(Group group, @Nullable String id, long timestampMs) {
        JsonText text = new JsonText();
        streamHead(text, timestampMs, group, id);
        return text.raw("{\"type\":\"unauthorized\"}}").toJson();
    }

    /**
     * The frame that says that a subscription begins again: a snapshot follows.
     *
     * @param reason in one word
     */
    public static Json reset(Group group, @Nullable String id, String reason, long timestampMs) {
        return about(group, id, "reset", reason, timestampMs);
    }

    /**
     * The frame of a join that cannot be served as it was asked for.
     *
     * @param reason for people
     */
    public static Json refused(Group group, @Nullable String id, String reason, long timestampMs) {
        return about(group, id, "refused", reason, timestampMs);
    }

    /** The frame that tells a cursor when nothing else does. */
    public static Json cursor(Group group, @Nullable String id, long timestampMs) {
        JsonText text = new JsonText();
        streamHead(text, timestampMs, group, id);
        return text.raw("{\"type\":\"cursor\"}}").toJson();
    }

    private static Json about(Group group, @Nullable String id, String type, String reason, long timestampMs) {
        JsonText text = new JsonText();
        streamHead(text, timestampMs, group, id);
        return text.raw("{\"type\":")
                .quoted(type)
                .raw(",\"reason\":")
                .quoted(reason)
                .raw("}}")
                .toJson();
    }

    /** Adds a JSON array of values. */
    public static void array(JsonText text, List<Json> values) {
        text.raw("[");
        for (int i = 0; i < values.size(); i++) {
            text.raw(i == 0 ? "" : ",").json(values.get(i));
        }
        text.raw("]");
    }

    /** The errors of failed ops as the array of a reply. */
    public static Json errors(List<OpError> errors) {
        JsonText text = new JsonText();
        text.raw("[");
        for (int i = 0; i < errors.size(); i++) {
            OpError error = errors.get(i);
            text.raw(i == 0 ? "{\"op_index\":" : ",{\"op_index\":").number(error.opIndex());
            text.raw(",\"code\":").quoted(error.code());
            text.raw(",\"message\":").quoted(error.message());
            text.raw(",\"doc_url\":").quoted(OpError.DOC_URL).raw("}");
        }
        return text.raw("]").toJson();
    }

    static ChangeRecord record(Change change, RecordKey key) {
        return new ChangeRecord(
                key,
                frame(change, key),
                change.mutationId(),
                frameTellsOld(change) ? null : change.oldValue(),
                change.errors().isEmpty() ? null : errors(change.errors()),
                change.traceParent());
    }

    /** Whether the old value can be read from the frame: not where it is left out, nor where null may mean two things. */
    private static boolean frameTellsOld(Change change) {
        Json old = change.oldValue();
        boolean isState = change.address().space() == Space.STATE;
        return switch (change.kind()) {
            case CREATED -> true;
            case UPDATED -> isState;
            case DELETED -> !isState || old == null || !old.isNull();
        };
    }

    private static Json frame(Change change, RecordKey key) {
        return switch (change.address()) {
            case StateAddress ignored -> stateFrame(key, change);
            case StreamAddress address -> streamFrame(address, change);
        };
    }

    /** Scope and key stand in the frame exactly as in the record's key, so they are taken from there. */
    private static Json stateFrame(RecordKey key, Change change) {
        byte[] names = key.array();
        Json old = change.oldValue() == null ? Json.NULL : change.oldValue();
        Json value = change.newValue() == null ? Json.NULL : change.newValue();
        String head = stateHead(change.kind());
        String version = Long.toString(change.version().micros());
        int sizeBytes = head.length()
                + (names.length - 2)
                + OLD_VALUE.length()
                + old.sizeBytes()
                + NEW_VALUE.length()
                + value.sizeBytes()
                + VERSION.length()
                + version.length()
                + 1;
        return new JsonText(sizeBytes)
                .raw(head)
                .utf8(names, 1, names.length - 1)
                .raw(OLD_VALUE)
                .json(old)
                .raw(NEW_VALUE)
                .json(value)
                .raw(VERSION)
                .raw(version)
                .raw("}")
                .toJson();
    }

    private static String stateHead(Change.Kind kind) {
        return switch (kind) {
            case CREATED -> "{\"type\":\"state\",\"event_type\":\"state:created\",";
            case UPDATED -> "{\"type\":\"state\",\"event_type\":\"state:updated\",";
            case DELETED -> "{\"type\":\"state\",\"event_type\":\"state:deleted\",";
        };
    }

    private static Json streamFrame(StreamAddress address, Change change) {
        Json told = change.newValue() == null ? change.oldValue() : change.newValue();
        Json value = told == null ? Json.NULL : told;
        JsonText text = new JsonText(192 + value.sizeBytes());
        streamHead(text, change.version().timestampMs(), address.unit(), address.itemId());
        return text.raw("{\"type\":")
                .quoted(streamType(change.kind()))
                .raw(",\"data\":")
                .json(value)
                .raw("},\"version\":")
                .number(change.version().micros())
                .raw("}")
                .toJson();
    }

    private static void streamHead(JsonText text, long timestampMs, Group group, @Nullable String id) {
        text.raw("{\"type\":\"stream\",\"timestamp\":")
                .number(timestampMs)
                .raw(",\"streamName\":")
                .quoted(group.streamName())
                .raw(",\"groupId\":")
                .quoted(group.groupId())
                .raw(",\"id\":");
        if (id == null) {
            text.raw("null");
        } else {
            text.quoted(id);
        }
        text.raw(",\"event\":");
    }

    static String stateType(Change.Kind kind) {
        return switch (kind) {
            case CREATED -> "state:created";
            case UPDATED -> "state:updated";
            case DELETED -> "state:deleted";
        };
    }

    static String streamType(Change.Kind kind) {
        return switch (kind) {
            case CREATED -> "create";
            case UPDATED -> "update";
            case DELETED -> "delete";
        };
    }
}
