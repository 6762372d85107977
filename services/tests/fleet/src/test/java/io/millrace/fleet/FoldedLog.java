package io.millrace.fleet;

import io.millrace.harness.ChangeTopic;
import io.millrace.harness.NodeProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A change topic, read from its beginning and held against what a change topic is. */
final class FoldedLog {
    private final Map<String, JsonNode> values = new TreeMap<>();
    private final Set<String> mutationIds = new HashSet<>();
    private final Map<Integer, Long> versions = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    private FoldedLog() {}

    static FoldedLog read(String bootstrap, String topic) {
        FoldedLog log = new FoldedLog();
        ChangeTopic.records(bootstrap, topic, log::take);
        return log;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            return; // Follows a delete, or is a barrier.
        }
        JsonNode frame = NodeProcess.JSON.readTree(record.value());
        String at = key + " at " + record.partition() + "/" + record.offset();
        Header id = record.headers().lastHeader("millrace-mutation-id");
        if (!mutationIds.add(new String(id.value(), StandardCharsets.UTF_8))) {
            broken.add("mutation " + new String(id.value(), StandardCharsets.UTF_8) + " took effect again: " + at);
        }
        long version = frame.path("version").asLong();
        Long before = versions.put(record.partition(), version);
        if (before != null && before >= version) {
            broken.add("version " + version + " after " + before + ": " + at);
        }
        JsonNode was = values.get(key);
        if (frame.has("old_value") && !same(was, frame.path("old_value"))) {
            broken.add("decided on " + frame.path("old_value") + " where there was " + was + ": " + at);
        }
        JsonNode value = frame.has("event") ? frame.path("event").path("data") : frame.path("new_value");
        boolean deleted = value.isNull()
                || value.isMissingNode()
                || frame.path("event").path("type").asString().equals("delete");
        if (deleted) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
    }

    private static boolean same(@Nullable JsonNode was, JsonNode told) {
        return was == null ? told.isNull() : was.equals(told);
    }

    /** The values that are there in the end, by record key. */
    Map<String, JsonNode> values() {
        return values;
    }

    Set<String> mutationIds() {
        return mutationIds;
    }

    /** What no change topic should hold. */
    List<String> broken() {
        return broken;
    }
}
