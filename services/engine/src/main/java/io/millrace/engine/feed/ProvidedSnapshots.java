package io.millrace.engine.feed;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Streams that somebody else keeps: their snapshots come from there, and their changes are told as events. */
@FunctionalInterface
public interface ProvidedSnapshots {
    /** There are none. */
    ProvidedSnapshots NONE = (group, itemId, deadline) -> null;

    /**
     * The sync frame of a group or of one item.
     *
     * @param itemId null for the whole group
     * @return null if the stream is one of ours. Fails if it could not be had: then it is tried again
     */
    @Nullable
    CompletionStage<Json> sync(Group group, @Nullable String itemId, Instant deadline);
}
