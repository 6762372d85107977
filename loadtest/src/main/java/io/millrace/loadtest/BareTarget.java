package io.millrace.loadtest;

import java.util.concurrent.CompletionStage;

/** The floor: bare producers and a topic of their own. */
final class BareTarget implements WriteTarget {
    private final LoadTopics topics;
    private final BareProducer producer;

    /** Creates a topic, which {@link #close()} deletes. */
    BareTarget(Broker broker, int partitions, Workload workload) {
        topics = new LoadTopics(broker.bootstrapServers());
        producer = new BareProducer("bare", broker, topics.create("bare", partitions), partitions, workload);
    }

    @Override
    public String name() {
        return producer.name();
    }

    @Override
    public CompletionStage<?> submit(int key, byte[] value) {
        return producer.submit(key, value);
    }

    @Override
    public void close() {
        producer.close();
        topics.close();
    }
}
