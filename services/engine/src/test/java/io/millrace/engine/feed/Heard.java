package io.millrace.engine.feed;

import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A frame as a client reads it.
 *
 * @param frame without its cursor
 * @param cursor null if it has none
 */
record Heard(String frame, JsonNode tree, @Nullable String cursor) {
    static final String CURSOR = ",\"cursor\":\"";

    static Heard of(byte[] wire) {
        Json json = Json.ofTrusted(wire);
        String text = json.toString();
        int at = text.lastIndexOf(CURSOR);
        if (at < 0) {
            return new Heard(text, json.tree(), null);
        }
        return new Heard(
                text.substring(0, at) + "}", json.tree(), text.substring(at + CURSOR.length(), text.length() - 2));
    }

    String kind() {
        return tree.path("event").path("type").asString();
    }

    boolean isSync() {
        return kind().equals("sync");
    }

    JsonNode data() {
        return tree.path("event").path("data");
    }

    String reason() {
        return tree.path("event").path("reason").asString();
    }

    long timestampMs() {
        return tree.path("timestamp").asLong();
    }
}
