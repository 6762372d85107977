package io.millrace.kafka;

import io.millrace.core.address.Space;
import io.millrace.engine.port.PartitionLog;
import io.millrace.engine.port.PartitionLogs;
import org.apache.kafka.common.TopicPartition;

/** The logs of all partitions. */
final class FencedLogs implements PartitionLogs {
    private final Topics topics;
    private final ClientSettings settings;
    private final ClientMetrics metrics;
    private final Replays replays;

    FencedLogs(Topics topics, ClientSettings settings, ClientMetrics metrics, Replays replays) {
        this.topics = topics;
        this.settings = settings;
        this.metrics = metrics;
        this.replays = replays;
    }

    @Override
    public int partitions(Space space) {
        return topics.partitions(space);
    }

    @Override
    public PartitionLog open(Space space, int partition) {
        if (partition < 0 || partition >= partitions(space)) {
            throw new IllegalArgumentException(
                    "partition of " + space + ": " + partition + " (expected: 0 to " + (partitions(space) - 1) + ")");
        }
        return new FencedLog(
                new TopicPartition(topics.names().changes(space), partition),
                topics.names().owner(space, partition),
                settings,
                metrics,
                replays);
    }
}
