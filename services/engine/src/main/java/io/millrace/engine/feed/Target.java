package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.address.KeyPrefix;
import io.millrace.core.address.RecordKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription is to.
 *
 * @param itemId null for the whole group
 */
record Target(Group group, @Nullable String itemId) {
    /** The first key of its snapshot. */
    RecordKey from() {
        return itemId == null ? group.prefix().first() : group.address(itemId).recordKey();
    }

    /** The end of the keys of its snapshot, exclusive. */
    @Nullable
    RecordKey to() {
        if (itemId == null) {
            KeyPrefix prefix = group.prefix();
            return prefix.after();
        }
        byte[] key = group.address(itemId).recordKey().array();
        return RecordKey.ofBytes(Arrays.copyOf(key, key.length + 1)); // the zero byte makes it the next possible key
    }
}
