package io.millrace.loadtest;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The floor: the same group commits with nothing around them. One transactional producer and one platform thread per
 * partition; a batch is whatever has collected while the one before was committed. It decides nothing, stores nothing and
 * remembers nothing.
 */
final class BareProducer implements WriteTarget {
    private final Admin admin;
    private final String topic;
    private final List<BarePartition> partitions;
    private final byte[][] keys;
    private final int[] partitionOfKey;

    /** Creates a topic of its own, which {@link #close()} deletes. */
    BareProducer(String bootstrapServers, int partitions, Workload workload) {
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
        this.topic = "millrace.load.bare-" + UUID.randomUUID();
        createTopic(partitions);
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(partition -> new BarePartition(bootstrapServers, topic, partition))
                .toList();
        this.keys = new byte[workload.keys()][];
        this.partitionOfKey = new int[workload.keys()];
        for (int key = 0; key < workload.keys(); key++) {
            keys[key] = workload.address(key).recordKey().array();
            partitionOfKey[key] = workload.address(key).unit().partition(partitions);
        }
        this.partitions.forEach(BarePartition::start);
    }

    @Override
    public String name() {
        return "bare";
    }

    @Override
    public CompletionStage<?> submit(int key, byte[] value) {
        return partitions.get(partitionOfKey[key]).submit(keys[key], value);
    }

    @Override
    public void close() {
        partitions.forEach(BarePartition::close);
        var _ = admin.deleteTopics(List.of(topic));
        admin.close();
    }

    private void createTopic(int partitions) {
        NewTopic created = new NewTopic(topic, java.util.Optional.of(partitions), java.util.Optional.empty())
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        try {
            admin.createTopics(List.of(created)).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic " + topic + " was not created: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topic " + topic, e);
        }
    }
}
