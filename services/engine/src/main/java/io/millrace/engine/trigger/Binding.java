package io.millrace.engine.trigger;

import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;

/**
 * One trigger: what is to be called, and when.
 *
 * @param id given by whoever registered it; registered again, it replaces the one before
 * @param type for instance {@code http}
 * @param functionId what is called; need not exist yet
 * @param config in the words of the type
 * @param metadata handed to the function with every call
 * @param workerId the connected worker that registered it, with which it goes; null for one that stays
 * @param node where it is registered; null: at this node
 */
public record Binding(
        String id,
        String type,
        String functionId,
        Json config,
        @Nullable Json metadata,
        @Nullable String workerId,
        @Nullable String node) {
    /** One of this node. */
    public Binding(
            String id,
            String type,
            String functionId,
            Json config,
            @Nullable Json metadata,
            @Nullable String workerId) {
        this(id, type, functionId, config, metadata, workerId, null);
    }

    /** What no two have in common that are there at the same time, not even of different nodes. */
    public record Key(@Nullable String node, String id) {}

    /** What tells it from all others. */
    public Key key() {
        return new Key(node, id);
    }
}
