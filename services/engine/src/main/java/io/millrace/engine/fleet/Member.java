package io.millrace.engine.fleet;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.core.value.UnreadableTextException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A node as it says of itself in the cluster topic.
 *
 * @param node its id
 * @param startMs when its process was started, in milliseconds since 1970: tells its lives apart
 * @param address {@code host:port} that other nodes connect to
 * @param store whether it owns partitions
 * @param edge whether workers, HTTP requests and stream clients come to it
 * @param draining whether it is about to stop
 */
public record Member(String node, long startMs, String address, boolean store, boolean edge, boolean draining) {
    /** The same, about to stop. */
    Member drained() {
        return new Member(node, startMs, address, store, edge, true);
    }

    /**
     * The record's value: {@code {"node":…,"start":…,"peer":"host:port","roles":[…],"draining":…,"at":…}}.
     *
     * @param atMs the node's clock, for people
     */
    Json toJson(long atMs) {
        String roles = store && edge ? "\"store\",\"edge\"" : store ? "\"store\"" : edge ? "\"edge\"" : "";
        return new JsonText()
                .raw("{\"node\":")
                .quoted(node)
                .raw(",\"start\":")
                .number(startMs)
                .raw(",\"peer\":")
                .quoted(address)
                .raw(",\"roles\":[" + roles + "],\"draining\":" + draining + ",\"at\":")
                .number(atMs)
                .raw("}")
                .toJson();
    }

    /** The node in a record's value; null if it is none that we know how to read. */
    static @Nullable Member of(String node, Json record) {
        try {
            JsonNode tree = record.tree();
            JsonNode start = tree.path("start");
            JsonNode peer = tree.path("peer");
            return start.isIntegralNumber() && peer.isString()
                    ? new Member(
                            node,
                            start.asLong(),
                            peer.stringValue(),
                            has(tree.path("roles"), "store"),
                            has(tree.path("roles"), "edge"),
                            tree.path("draining").asBoolean(false))
                    : null;
        } catch (UnreadableTextException e) {
            return null;
        }
    }

    private static boolean has(JsonNode roles, String role) {
        for (JsonNode each : roles) {
            if (each.isString() && each.stringValue().equals(role)) {
                return true;
            }
        }
        return false;
    }
}
