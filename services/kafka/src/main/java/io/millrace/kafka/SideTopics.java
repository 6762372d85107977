package io.millrace.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Topics beside those of changes: created when first used, by whichever node comes first, and taken as they are. */
final class SideTopics {
    private static final Logger LOG = LoggerFactory.getLogger(SideTopics.class);

    private static final int SEGMENT_BYTES = 64 << 20;
    private static final Duration OFTEN = Duration.ofMinutes(5);

    private final Cluster cluster;
    private final TopicsConfig config;

    SideTopics(Cluster cluster, TopicsConfig config) {
        this.cluster = cluster;
        this.config = config;
    }

    /** What becomes of older records. */
    enum Cleanup {
        /** They go. */
        DELETE,
        /** The latest of each key stays, until it is too old itself. */
        COMPACT_AND_DELETE,
        /** The latest of each key stays for ever; what has been taken away is known for a while. */
        COMPACT,
        /** The latest of each key stays, until it is too old itself, and little else: what is written every second. */
        LATEST
    }

    /**
     * How a topic is created.
     *
     * @param partitions how many, if it is not there yet
     * @param kept how long its records are kept, or known to have been taken away
     */
    record Kind(int partitions, Duration kept, Cleanup cleanup) {}

    /** Completes when the topic is there. Returns at once. */
    CompletionStage<@Nullable Void> ensure(String topic, Kind kind) {
        NewTopic wanted = new NewTopic(topic, kind.partitions(), (short) config.replicas()).configs(settings(kind));
        try {
            return cluster.admin()
                    .createTopics(List.of(wanted))
                    .all()
                    .toCompletionStage()
                    .handle((created, failure) -> created(topic, failure))
                    .exceptionallyCompose(failure -> there(topic, failure));
        } catch (KafkaException | IllegalStateException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Who may not create topics may use those that somebody has created for us. */
    private CompletionStage<@Nullable Void> there(String topic, Throwable failure) {
        if (!(failure.getCause() instanceof AuthorizationException)) {
            return CompletableFuture.failedStage(failure);
        }
        return cluster.admin()
                .describeTopics(List.of(topic))
                .allTopicNames()
                .toCompletionStage()
                .handle((found, unknown) -> {
                    if (unknown != null) {
                        throw new CompletionException(failure.getCause());
                    }
                    return null;
                });
    }

    private static @Nullable Void created(String topic, @Nullable Throwable failure) {
        Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
        if (cause == null) {
            LOG.atInfo().addKeyValue("topic", topic).log("topic created");
        } else if (!(cause instanceof TopicExistsException)) {
            throw new CompletionException(cause);
        }
        return null;
    }

    private Map<String, String> settings(Kind kind) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(SEGMENT_BYTES));
        settings.put(TopicConfig.SEGMENT_INDEX_BYTES_CONFIG, Integer.toString(1 << 20));
        settings.put(
                TopicConfig.SEGMENT_MS_CONFIG,
                Long.toString(Math.max(
                        Duration.ofMinutes(15).toMillis(),
                        Math.min(Duration.ofHours(12).toMillis(), kind.kept().toMillis() / 8))));
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(config.maxRecordBytes()));
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, config.replicas() == 1 ? "1" : "2");
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        String keptMs = Long.toString(kind.kept().toMillis());
        switch (kind.cleanup()) {
            case DELETE -> {
                settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
                settings.put(TopicConfig.RETENTION_MS_CONFIG, keptMs);
            }
            case COMPACT_AND_DELETE -> {
                settings.put(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE);
                settings.put(TopicConfig.RETENTION_MS_CONFIG, keptMs);
            }
            case COMPACT -> {
                settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
                settings.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, keptMs);
                settings.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.2");
                // Idle ones are cleaned too, or what was taken away would be read for ever.
                settings.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, keptMs);
            }
            case LATEST -> {
                settings.put(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE);
                settings.put(TopicConfig.RETENTION_MS_CONFIG, keptMs);
                settings.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, keptMs);
                // The segment that is written to is never cleaned: whoever comes reads it whole.
                settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(1 << 20));
                settings.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(OFTEN.toMillis()));
                settings.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, Long.toString(OFTEN.toMillis()));
            }
        }
        return settings;
    }
}
