package io.millrace.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of our topics. */
final class TopicSettings {
    private static final Logger LOG = LoggerFactory.getLogger(TopicSettings.class);

    private static final Duration EVENTS_KEPT = Duration.ofHours(1);
    private static final Duration LETTERS_KEPT = Duration.ofDays(7);
    private static final int SEGMENT_BYTES = 64 << 20;

    private TopicSettings() {}

    static Map<String, String> ofChanges(TopicsConfig config) {
        long historyMs = config.history().toMillis();
        Map<String, String> settings = common(config);
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        // Within the window nothing is compacted and no tombstone forgotten.
        settings.put(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, Long.toString(historyMs));
        settings.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(historyMs));
        // Idle partitions are cleaned too, or transaction markers would stay for ever.
        settings.put(
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                Long.toString(Math.max(Duration.ofDays(2).toMillis(), 2 * historyMs)));
        settings.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2");
        settings.put(
                TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Duration.ofHours(4).toMillis()));
        return settings;
    }

    static Map<String, String> ofEvents(TopicsConfig config) {
        Map<String, String> settings = common(config);
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(EVENTS_KEPT.toMillis()));
        settings.put(
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(EVENTS_KEPT.dividedBy(4).toMillis()));
        return settings;
    }

    static Map<String, String> ofDeadLetters(TopicsConfig config) {
        Map<String, String> settings = common(config);
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(LETTERS_KEPT.toMillis()));
        return settings;
    }

    private static Map<String, String> common(TopicsConfig config) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES));
        settings.put(TopicConfig.SEGMENT_INDEX_BYTES_CONFIG, Integer.toString(1 << 20));
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(config.maxRecordBytes()));
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, config.replicas() == 1 ? "1" : "2");
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return settings;
    }

    /**
     * Refuses what would lose data or stop a writer, and tells of what is only different.
     *
     * @throws RefusedStartException if the topic cannot be used
     */
    static void verify(String topic, Map<String, String> wanted, Config found) {
        wanted.forEach((setting, value) -> {
            ConfigEntry entry = found.get(setting);
            String actual = entry == null || entry.value() == null ? "" : entry.value();
            if (actual.equals(value)) {
                return;
            }
            switch (setting) {
                case TopicConfig.CLEANUP_POLICY_CONFIG -> throw mismatch(topic, setting, actual, value);
                case TopicConfig.MAX_MESSAGE_BYTES_CONFIG -> {
                    if (!actual.isEmpty() && Long.parseLong(actual) < Long.parseLong(value)) {
                        throw mismatch(topic, setting, actual, value + " or more");
                    }
                }
                default ->
                    LOG.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("setting", setting)
                            .addKeyValue("actual", actual)
                            .addKeyValue("ours", value)
                            .log("existing topic is set up differently");
            }
        });
    }

    private static RefusedStartException mismatch(String topic, String setting, String actual, String expected) {
        return new RefusedStartException("topic " + topic + " has " + setting + "=" + actual + ": set it to " + expected
                + " (kafka-configs.sh --alter --topic " + topic + " --add-config " + setting + "=...) or use another"
                + " topic prefix");
    }
}
