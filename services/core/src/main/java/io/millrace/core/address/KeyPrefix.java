package io.millrace.core.address;

import io.millrace.core.value.JsonText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The first bytes of a contiguous run of record keys. */
public final class KeyPrefix {
    private final byte[] bytes;

    private KeyPrefix(byte[] bytes) {
        this.bytes = bytes;
    }

    static KeyPrefix ofScope(String scope) {
        return new KeyPrefix(RecordKey.scopeText(scope).raw(",").bytes());
    }

    static KeyPrefix ofGroup(String streamName, String groupId) {
        return new KeyPrefix(RecordKey.groupText(streamName, groupId).raw(",").bytes());
    }

    /** All groups of one stream. */
    public static KeyPrefix ofStream(String streamName) {
        return new KeyPrefix(RecordKey.streamText(streamName).raw(",").bytes());
    }

    /** Every address of a space, and nothing else. */
    public static KeyPrefix ofAll(Space space) {
        return new KeyPrefix(
                switch (space) {
                    case STATE -> new JsonText().raw("{\"scope\":\"").bytes();
                    case STREAM -> new JsonText().raw("{\"stream_name\":\"").bytes();
                });
    }

    /** The names of {@code unit} that begin with {@code name}. */
    public static KeyPrefix ofNames(Unit unit, String name) {
        Names.check("prefix", name);
        JsonText text = switch (unit) {
            case Scope scope -> RecordKey.scopeText(scope.scope()).raw(",\"key\":\"");
            case Group group ->
                RecordKey.groupText(group.streamName(), group.groupId()).raw(",\"item_id\":\"");
        };
        return new KeyPrefix(text.begun(name).bytes());
    }

    /** Whether {@code key} is in this run. */
    public boolean covers(RecordKey key) {
        byte[] other = key.array();
        return other.length >= bytes.length && Arrays.equals(other, 0, bytes.length, bytes, 0, bytes.length);
    }

    /** The first possible key of this run. */
    public RecordKey first() {
        return RecordKey.ofBytes(bytes);
    }

    /** The first possible key after this run, or null when there is none. */
    public @Nullable RecordKey after() {
        byte[] next = bytes.clone();
        for (int i = next.length - 1; i >= 0; i--) {
            next[i]++;
            if (next[i] != 0) {
                return RecordKey.ofBytes(Arrays.copyOf(next, i + 1));
            }
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyPrefix that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return first() + "…";
    }
}
