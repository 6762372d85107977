package io.millrace.engine.presence;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which subscription of all there ever were.
 *
 * @param node the node it is of
 * @param startMs when that node was started, which tells its lives apart; in milliseconds since 1970
 * @param number unlike that of any other of the same life, from 1 on; 0 for the record of the start itself
 */
public record EntryKey(String node, long startMs, long number) {
    /** The number of no subscription: the record says that the node was started. */
    private static final long START = 0;

    /** The record of a node's start. */
    public static EntryKey ofStart(String node, long startMs) {
        return new EntryKey(node, startMs, START);
    }

    /** Whether it is the record of a start. */
    public boolean isStart() {
        return number == START;
    }

    /** The key in a record; null if it is none of ours. */
    public static @Nullable EntryKey of(Json key) {
        try {
            JsonNode tree = key.tree();
            JsonNode node = tree.path("node");
            JsonNode start = tree.path("start");
            JsonNode number = tree.path("number");
            boolean ours = node.isString() && start.isIntegralNumber() && number.isIntegralNumber();
            return ours ? new EntryKey(node.stringValue(), start.asLong(-1), number.asLong(-1)) : null;
        } catch (UnreadableTextException e) {
            return null;
        }
    }

    /** The record's key. */
    public Json toJson() {
        return new JsonText()
                .raw("{\"node\":")
                .quoted(node)
                .raw(",\"start\":")
                .number(startMs)
                .raw(",\"number\":")
                .number(number)
                .raw("}")
                .toJson();
    }
}
