package io.millrace.loadtest;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/**
 * The floor: the same group commits with nothing around them. One transactional producer and one platform thread per
 * partition; a batch is whatever has collected while the one before was committed. It decides nothing, stores nothing and
 * remembers nothing.
 */
final class BareProducer implements WriteTarget {
    private final LoadTopics topics;
    private final List<BarePartition> partitions;
    private final byte[][] keys;
    private final int[] partitionOfKey;

    /** Creates a topic of its own, which {@link #close()} deletes. */
    BareProducer(Broker broker, int partitions, Workload workload) {
        this.topics = new LoadTopics(broker.bootstrapServers());
        String topic = topics.create("bare", partitions);
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(partition -> new BarePartition(broker.bootstrapServers(), topic, partition))
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
        topics.close();
    }
}
