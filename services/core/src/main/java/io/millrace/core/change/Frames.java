package io.millrace.core.change;

import io.millrace.core.address.Address;
import io.millrace.core.address.Group;
import io.millrace.core.address.Space;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The JSON of state events and stream frames: the values of records, which triggers and sockets get as they are. */
public final class Frames {
    private Frames() {}

    /**
     * What a store's entry says its address holds.
     *
     * @param frame the value of a record
     */
    public static Current current(Space space, byte[] frame) {
        Read read = read(space, frame);
        Json value = read.newValue;
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

    static ChangeRecord record(Change change) {
        return new ChangeRecord(
                change.address().recordKey(),
                frame(change),
                change.mutationId(),
                frameTellsOld(change) ? null : change.oldValue(),
                change.errors().isEmpty() ? null : errors(change.errors()),
                change.traceParent());
    }

    /** Whether the old value can be read from the frame: not where it is left out, nor where null may mean two things. */
    private static boolean frameTellsOld(Change change) {
        Json old = change.oldValue();
        return switch (change.kind()) {
            case CREATED -> true;
            case UPDATED -> change.address().space() == Space.STATE;
            case DELETED -> old == null || !old.isNull();
        };
    }

    private static @Nullable Json oldValue(ChangeRecord record, Read read) {
        if (record.oldValue() != null) {
            return record.oldValue();
        }
        Json told = read.oldValue;
        return switch (read.kind()) {
            case CREATED -> null;
            case UPDATED -> told;
            case DELETED -> told == null || told.isNull() ? null : told;
        };
    }

    static Change change(ChangeRecord record) {
        Json frame = record.frame();
        MutationId mutationId = record.mutationId();
        if (frame == null || mutationId == null) {
            throw new IllegalStateException(
                    "change of record " + record.key() + " (expected: a frame and a mutation id)");
        }
        Address address = record.key().address();
        Read read = read(address.space(), frame.utf8());
        return new Change(
                address,
                mutationId,
                read.version(),
                read.kind(),
                oldValue(record, read),
                read.newValue,
                readErrors(record.errors()),
                record.traceParent());
    }

    private static Json frame(Change change) {
        return switch (change.address()) {
            case StateAddress address -> stateFrame(address, change);
            case StreamAddress address -> streamFrame(address, change);
        };
    }

    private static Json stateFrame(StateAddress address, Change change) {
        Json old = change.oldValue() == null ? Json.NULL : change.oldValue();
        Json value = change.newValue() == null ? Json.NULL : change.newValue();
        return new JsonText(192 + old.sizeBytes() + value.sizeBytes())
                .raw("{\"type\":\"state\",\"event_type\":")
                .quoted(stateType(change.kind()))
                .raw(",\"scope\":")
                .quoted(address.scope())
                .raw(",\"key\":")
                .quoted(address.key())
                .raw(",\"old_value\":")
                .json(old)
                .raw(",\"new_value\":")
                .json(value)
                .raw(",\"version\":")
                .number(change.version().micros())
                .raw("}")
                .toJson();
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

    private static String stateType(Change.Kind kind) {
        return switch (kind) {
            case CREATED -> "state:created";
            case UPDATED -> "state:updated";
            case DELETED -> "state:deleted";
        };
    }

    private static String streamType(Change.Kind kind) {
        return switch (kind) {
            case CREATED -> "create";
            case UPDATED -> "update";
            case DELETED -> "delete";
        };
    }

    private static Read read(Space space, byte[] frame) {
        Read read = new Read();
        JsonSpans fields = new JsonSpans(frame);
        while (fields.next()) {
            switch (space) {
                case STATE -> readState(fields, read);
                case STREAM -> readStream(fields, read);
            }
        }
        if (read.kind() == Change.Kind.DELETED) {
            read.newValue = null;
        }
        return read;
    }

    private static void readState(JsonSpans fields, Read read) {
        if (fields.named("event_type")) {
            read.kind = kind(fields, Frames::stateType);
        } else if (fields.named("old_value")) {
            read.oldValue = fields.json();
        } else if (fields.named("new_value")) {
            read.newValue = fields.json();
        } else if (fields.named("version")) {
            read.version = new Version(fields.number());
        }
    }

    private static void readStream(JsonSpans fields, Read read) {
        if (fields.named("version")) {
            read.version = new Version(fields.number());
        } else if (fields.named("event")) {
            JsonSpans event = fields.object();
            while (event.next()) {
                if (event.named("type")) {
                    read.kind = kind(event, Frames::streamType);
                } else if (event.named("data")) {
                    read.newValue = event.json();
                }
            }
            read.oldValue = read.kind() == Change.Kind.DELETED ? read.newValue : null;
        }
    }

    private static Change.Kind kind(JsonSpans field, java.util.function.Function<Change.Kind, String> type) {
        for (Change.Kind kind : Change.Kind.values()) {
            if (field.is('"' + type.apply(kind) + '"')) {
                return kind;
            }
        }
        throw new UnreadableTextException("type of a frame: " + field.json() + " (expected: that of a change)");
    }

    private static List<OpError> readErrors(@Nullable Json errors) {
        if (errors == null) {
            return List.of();
        }
        List<OpError> read = new ArrayList<>();
        for (JsonNode error : errors.tree()) {
            read.add(new OpError(
                    error.path("op_index").asInt(),
                    error.path("code").asString(),
                    error.path("message").asString()));
        }
        return read;
    }

    /** What a frame says, while it is being read. */
    private static final class Read {
        private Change.@Nullable Kind kind;
        private @Nullable Json oldValue;
        private @Nullable Json newValue;
        private @Nullable Version version;

        Change.Kind kind() {
            if (kind == null) {
                throw new UnreadableTextException("frame without a type");
            }
            return kind;
        }

        Version version() {
            if (version == null) {
                throw new UnreadableTextException("frame without a version");
            }
            return version;
        }
    }
}
