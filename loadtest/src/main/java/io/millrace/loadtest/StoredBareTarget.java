package io.millrace.loadtest;

import io.millrace.core.address.Space;
import io.millrace.engine.port.Assignment;
import io.millrace.engine.port.StateStore;
import io.millrace.kafka.KafkaBackend;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/**
 * What the design needs by itself: the floor writes to a change topic, which the same Kafka Streams application as ours
 * materialises beside it. Nobody owns anything and nothing is read.
 */
final class StoredBareTarget implements WriteTarget {
    private final LoadTopics topics;
    private final LoadBackend backend;
    private final BareProducer producer;

    /** Returns once every partition is followed. Creates topics, which {@link #close()} deletes. */
    StoredBareTarget(Broker broker, int partitions, Workload workload) {
        topics = new LoadTopics(broker.bootstrapServers());
        backend = new LoadBackend(broker, topics.prefix(), partitions);
        KafkaBackend kafka = backend.kafka();
        Followed followed = new Followed(kafka.logs().partitions(Space.STATE));
        kafka.start(followed, (partition, batch) -> {});
        LoadBackend.await(
                "partitions are not all followed",
                () -> followed.missing.getCount() == 0,
                () -> kafka.health().toString());
        producer = new BareProducer("bare+store", broker, topics.prefix() + "state.changes", partitions, workload);
    }

    @Override
    public String name() {
        return producer.name();
    }

    @Override
    public CompletionStage<?> submit(int key, byte[] value) {
        backend.check();
        return producer.submit(key, value);
    }

    @Override
    public void close() {
        producer.close();
        backend.close();
        topics.close();
    }

    /** Only looks on. */
    private static final class Followed implements Assignment {
        private final CountDownLatch missing;

        Followed(int partitions) {
            missing = new CountDownLatch(partitions);
        }

        @Override
        public void assigned(Space space, int partition, StateStore store) {
            if (space == Space.STATE) {
                missing.countDown();
            }
        }

        @Override
        public void revoked(Space space, int partition, StateStore store) {
            // Only at the end.
        }
    }
}
