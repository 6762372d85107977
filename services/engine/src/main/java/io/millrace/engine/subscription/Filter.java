package io.millrace.engine.subscription;

import io.millrace.core.address.Group;
import io.millrace.core.address.KeyPrefix;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Scope;
import io.millrace.core.address.StateAddress;
import io.millrace.core.address.StreamAddress;
import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.port.Received;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which records concern a trigger. Looks at the key's bytes, and at the value only where an event's id is asked for. */
@FunctionalInterface
interface Filter {
    boolean matches(Received record);

    /** Changes of state. Null is any scope but our own, or any key. */
    static Filter state(@Nullable String scope, @Nullable String key) {
        if (scope != null && key != null) {
            RecordKey exact = new StateAddress(scope, key).recordKey();
            return record -> exact.equals(record.key());
        }
        KeyPrefix prefix =
                scope == null ? KeyPrefix.ofAll(io.millrace.core.address.Space.STATE) : new Scope(scope).prefix();
        byte[] ending = key == null ? new byte[0] : ending(",\"key\":", key);
        KeyPrefix ours = Scope.CRON.prefix();
        return record -> record.key() != null
                && prefix.covers(record.key())
                && endsWith(record.key(), ending)
                && (scope != null || !ours.covers(record.key()));
    }

    /** Changes of a stream and events sent to it. Null is any group or any item. */
    static Filter stream(String streamName, @Nullable String groupId, @Nullable String itemId) {
        Filter changes = streamChanges(streamName, groupId, itemId);
        Filter events = streamEvents(streamName, groupId, itemId);
        return record -> changes.matches(record) || events.matches(record);
    }

    private static Filter streamChanges(String streamName, @Nullable String groupId, @Nullable String itemId) {
        if (groupId != null && itemId != null) {
            RecordKey exact = new StreamAddress(streamName, groupId, itemId).recordKey();
            return record -> exact.equals(record.key());
        }
        KeyPrefix prefix = groupId == null ? KeyPrefix.ofStream(streamName) : new Group(streamName, groupId).prefix();
        byte[] ending = itemId == null ? new byte[0] : ending(",\"item_id\":", itemId);
        return record -> !isEvent(record)
                && record.key() != null
                && prefix.covers(record.key())
                && endsWith(record.key(), ending);
    }

    private static Filter streamEvents(String streamName, @Nullable String groupId, @Nullable String itemId) {
        KeyPrefix stream = KeyPrefix.ofStream(streamName);
        RecordKey group = groupId == null ? null : new Group(streamName, groupId).eventKey();
        return record -> isEvent(record)
                && record.key() != null
                && (group == null ? stream.covers(record.key()) : group.equals(record.key()))
                && (itemId == null || isOf(itemId, record.value()));
    }

    private static boolean isEvent(Received record) {
        return record.at().topic().equals("stream.events");
    }

    private static boolean isOf(String itemId, @Nullable Json frame) {
        JsonNode id = frame == null ? null : frame.tree().get("id");
        return id != null && id.isString() && id.stringValue().equals(itemId);
    }

    /** No other key ends so: a quote inside a name is escaped. */
    private static byte[] ending(String name, String value) {
        return new JsonText().raw(name).quoted(value).raw("}").bytes();
    }

    private static boolean endsWith(RecordKey key, byte[] ending) {
        byte[] bytes = key.array();
        int from = bytes.length - ending.length;
        return from >= 0 && Arrays.equals(bytes, from, bytes.length, ending, 0, ending.length);
    }
}
