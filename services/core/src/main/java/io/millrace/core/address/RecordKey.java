package io.millrace.core.address;

import io.millrace.core.value.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The key bytes of a record: canonical UTF-8 JSON, {@code {"scope":…,"key":…}} or
 * {@code {"stream_name":…,"group_id":…,"item_id":…}}, with the fields in this order. Ordered by unsigned bytes, which is
 * the order of the state stores.
 */
public final class RecordKey implements Comparable<RecordKey> {
    /** The reserved key of an owner's barrier, always a tombstone, which every reader ignores. */
    public static final RecordKey BARRIER =
            new RecordKey("{\"millrace\":\"barrier\"}".getBytes(StandardCharsets.UTF_8));

    /** Of a state key without its names. */
    private static final int STATE_BYTES = "{'scope':'','key':''}".length();

    private static final JsonFactory JSON = JsonFactory.builder().build();

    private final byte[] bytes;
    private final int hash;

    private RecordKey(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** Takes over {@code bytes}, which must not change any more. Anything goes: the log may hold foreign keys. */
    public static RecordKey ofBytes(byte[] bytes) {
        return new RecordKey(bytes);
    }

    static RecordKey of(StateAddress address) {
        int plainBytes = STATE_BYTES + address.scope().length() + address.key().length();
        return new RecordKey(new JsonText(plainBytes)
                .raw("{\"scope\":")
                .quoted(address.scope())
                .raw(",\"key\":")
                .quoted(address.key())
                .raw("}")
                .taken());
    }

    static RecordKey of(StreamAddress address) {
        return new RecordKey(groupText(address.streamName(), address.groupId())
                .raw(",\"item_id\":")
                .quoted(address.itemId())
                .raw("}")
                .bytes());
    }

    static RecordKey of(Group group) {
        return new RecordKey(
                groupText(group.streamName(), group.groupId()).raw("}").bytes());
    }

    static JsonText scopeText(String scope) {
        return new JsonText().raw("{\"scope\":").quoted(scope);
    }

    static JsonText streamText(String streamName) {
        return new JsonText().raw("{\"stream_name\":").quoted(streamName);
    }

    static JsonText groupText(String streamName, String groupId) {
        return streamText(streamName).raw(",\"group_id\":").quoted(groupId);
    }

    /** The bytes, not copied: whoever gets them must not change them. */
    public byte[] array() {
        return bytes;
    }

    /** Whether this is the reserved key of a barrier. */
    public boolean isBarrier() {
        return equals(BARRIER);
    }

    /**
     * The state or stream address this key is for.
     *
     * @throws UnreadableKeyException if it is neither, or not written canonically: two keys for one address would be
     *     two values
     */
    public Address address() {
        Address address = parsed();
        if (address == null || !equals(address.recordKey())) {
            throw new UnreadableKeyException("key: " + this + " (expected: a state or stream address)");
        }
        return address;
    }

    private @Nullable Address parsed() {
        try {
            String[] names = fields("scope", "key");
            if (names.length == 2) {
                return new StateAddress(names[0], names[1]);
            }
            names = fields("stream_name", "group_id", "item_id");
            return names.length == 3 ? new StreamAddress(names[0], names[1], names[2]) : null;
        } catch (MalformedNameException e) {
            return null;
        }
    }

    /**
     * The group of a stream item's key or of an ephemeral event's.
     *
     * @throws UnreadableKeyException if it is neither
     */
    public Group group() {
        Group group = parsedGroup();
        if (group != null && equals(group.eventKey())) {
            return group;
        }
        if (group != null && address() instanceof StreamAddress item) {
            return item.unit();
        }
        throw new UnreadableKeyException("key: " + this + " (expected: an address of a stream)");
    }

    private @Nullable Group parsedGroup() {
        try {
            String[] names = fields("stream_name", "group_id");
            return names.length == 2 ? new Group(names[0], names[1]) : null;
        } catch (MalformedNameException e) {
            return null;
        }
    }

    /** The values of the named string fields, in this order at the start of the object; empty when they do not match. */
    private String[] fields(String... expected) {
        String[] values = new String[expected.length];
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new String[0];
            }
            for (int i = 0; i < expected.length; i++) {
                if (parser.nextToken() != JsonToken.PROPERTY_NAME
                        || !parser.currentName().equals(expected[i])
                        || parser.nextToken() != JsonToken.VALUE_STRING) {
                    return new String[0];
                }
                values[i] = parser.getString();
            }
            return values;
        } catch (JacksonException e) {
            throw new UnreadableKeyException("key: " + this + " (expected: JSON)");
        }
    }

    @Override
    public int compareTo(RecordKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordKey that && hash == that.hash && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
