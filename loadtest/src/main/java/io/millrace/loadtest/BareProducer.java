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
    private final String name;
    private final List<BarePartition> partitions;
    private final byte[][] keys;
    private final int[] partitionOfKey;

    /** Writes to {@code topic}, which has so many partitions. */
    BareProducer(String name, Broker broker, String topic, int partitions, Workload workload) {
        this.name = name;
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
        return name;
    }

    @Override
    public CompletionStage<?> submit(int key, byte[] value) {
        return partitions.get(partitionOfKey[key]).submit(keys[key], value);
    }

    @Override
    public void close() {
        partitions.forEach(BarePartition::close);
    }
}
