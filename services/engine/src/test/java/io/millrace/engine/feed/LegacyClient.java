package io.millrace.engine.feed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What the old browser client makes of a group's frames: it keeps the values by their {@code id} and watches timestamps. */
final class LegacyClient {
    final Map<String, String> group = new LinkedHashMap<>();
    final List<String> events = new ArrayList<>();
    private final Map<String, Long> itemTimestamps = new LinkedHashMap<>();
    private long lastMs = -1;

    void groupFrame(JsonNode frame) {
        long timestampMs = frame.path("timestamp").asLong();
        JsonNode data = frame.path("event").path("data");
        String id = data.path("id").asString("");
        switch (frame.path("event").path("type").asString()) {
            case "sync" -> {
                if (frame.path("id").isNull() && timestampMs >= lastMs) {
                    group.clear();
                    itemTimestamps.clear();
                    data.forEach(value -> group.put(value.path("id").asString(), value.toString()));
                    lastMs = timestampMs;
                }
            }
            case "create" -> group.putIfAbsent(id, data.toString());
            case "update" -> {
                if (group.containsKey(id) && timestampMs > itemTimestamps.getOrDefault(id, -1L)) {
                    group.put(id, data.toString());
                    itemTimestamps.put(id, timestampMs);
                    lastMs = timestampMs;
                }
            }
            case "delete" -> {
                group.remove(id);
                lastMs = timestampMs;
            }
            case "event" -> events.add(frame.toString());
            default -> {}
        }
    }

    /** Reads whatever has come. Says whether that was anything. */
    boolean read(NarrowOutbox outbox, Subscriber subscriber, SimulatedNode node) {
        boolean read = false;
        for (byte[] wire = outbox.take(); wire != null; wire = outbox.take()) {
            groupFrame(Heard.of(wire).tree());
            read = true;
        }
        if (outbox.hasRoomAgain()) {
            node.executors.getFirst().execute(subscriber::roomAgain);
        }
        return read;
    }
}
