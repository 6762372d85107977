package io.millrace.core.change;

import io.millrace.core.address.Address;
import io.millrace.core.address.Space;
import io.millrace.core.update.OpError;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonSpans;
import io.millrace.core.value.UnreadableTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the frame of a change says, found without reading the values in it. */
final class FrameReader {
    private Change.@Nullable Kind kind;
    /** State frames only; JSON's null may stand for none. */
    private @Nullable Json oldValue;
    /** Of a delete: state frames say null, stream frames the old value. */
    private @Nullable Json value;

    private @Nullable Version version;

    private FrameReader() {}

    /** Throws {@link UnreadableTextException} if {@code frame} is not the frame of a change of that space. */
    static FrameReader read(Space space, byte[] frame) {
        FrameReader read = new FrameReader();
        JsonSpans fields = new JsonSpans(frame);
        while (fields.next()) {
            switch (space) {
                case STATE -> read.state(fields);
                case STREAM -> read.stream(fields);
            }
        }
        boolean whole = read.kind != null
                && read.value != null
                && read.version != null
                && (space == Space.STREAM || read.oldValue != null);
        if (!whole) {
            throw new UnreadableTextException("frame of " + frame.length + " bytes (expected: that of a change)");
        }
        return read;
    }

    static Change change(ChangeRecord record) {
        Json frame = record.frame();
        MutationId mutationId = record.mutationId();
        if (frame == null) {
            throw new IllegalStateException("change of record " + record.key() + ": tombstone (expected: a frame)");
        }
        if (mutationId == null) {
            throw unreadable(record, "no header " + ChangeRecord.MUTATION_ID);
        }
        Address address = record.key().address();
        FrameReader read = read(address.space(), frame.utf8());
        try {
            return new Change(
                    address,
                    mutationId,
                    read.version(),
                    read.kind(),
                    read.oldValue(address.space(), record.oldValue()),
                    read.newValue(),
                    errors(record),
                    record.traceParent());
        } catch (IllegalArgumentException e) {
            throw unreadable(record, String.valueOf(e.getMessage()));
        }
    }

    Change.Kind kind() {
        return found(kind);
    }

    Version version() {
        return found(version);
    }

    /** What the address holds now, null after a delete. */
    @Nullable
    Json newValue() {
        return kind() == Change.Kind.DELETED ? null : value;
    }

    private @Nullable Json oldValue(Space space, @Nullable Json header) {
        if (header != null) {
            return header;
        }
        return switch (kind()) {
            case CREATED -> null;
            case UPDATED -> oldValue;
            case DELETED ->
                switch (space) {
                    // A null that was stored would have come in the header.
                    case STATE -> oldValue == null || oldValue.isNull() ? null : oldValue;
                    // What was not there is not deleted.
                    case STREAM -> value;
                };
        };
    }

    private void state(JsonSpans fields) {
        if (fields.named("event_type")) {
            kind = kind(fields, Frames::stateType);
        } else if (fields.named("old_value")) {
            oldValue = fields.json();
        } else if (fields.named("new_value")) {
            value = fields.json();
        } else if (fields.named("version")) {
            version = version(fields);
        }
    }

    private void stream(JsonSpans fields) {
        if (fields.named("version")) {
            version = version(fields);
        } else if (fields.named("event")) {
            JsonSpans event = fields.object();
            while (event.next()) {
                if (event.named("type")) {
                    kind = kind(event, Frames::streamType);
                } else if (event.named("data")) {
                    value = event.json();
                }
            }
        }
    }

    private static Version version(JsonSpans field) {
        long micros = field.number();
        if (micros < 1 || micros > Version.MAX_MICROS) {
            throw new UnreadableTextException(
                    "version of a frame: " + micros + " (expected: 1 to " + Version.MAX_MICROS + ")");
        }
        return new Version(micros);
    }

    private static Change.Kind kind(JsonSpans field, Function<Change.Kind, String> type) {
        for (Change.Kind kind : Change.Kind.values()) {
            if (field.is(type.apply(kind))) {
                return kind;
            }
        }
        throw new UnreadableTextException("type of a frame: " + field.json() + " (expected: that of a change)");
    }

    private static List<OpError> errors(ChangeRecord record) {
        Json errors = record.errors();
        if (errors == null) {
            return List.of();
        }
        if (!errors.tree().isArray()) {
            throw unreadable(record, "header " + ChangeRecord.OP_ERRORS);
        }
        List<OpError> read = new ArrayList<>();
        for (JsonNode error : errors.tree()) {
            JsonNode index = error.path("op_index");
            JsonNode code = error.path("code");
            JsonNode message = error.path("message");
            if (!index.isInt() || !code.isString() || !message.isString()) {
                throw unreadable(record, "header " + ChangeRecord.OP_ERRORS);
            }
            read.add(new OpError(index.intValue(), code.stringValue(), message.stringValue()));
        }
        return read;
    }

    private static <T> T found(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("part of a frame before it was read");
        }
        return part;
    }

    private static UnreadableTextException unreadable(ChangeRecord record, String what) {
        return new UnreadableTextException("record " + record.key() + ": " + what + " (expected: that of a change)");
    }
}
