package io.millrace.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The partitions of a topic that is known to be there, although the broker that is asked may not have heard of it yet. */
final class KnownPartitions {
    /** A broker hears of a new topic within a few of these. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private KnownPartitions() {}

    /**
     * Asks until a broker knows them: a consumer answers an unknown topic with none at once.
     *
     * @return at least one
     * @throws UnknownTopicOrPartitionException if no broker has heard of the topic after {@code patience}
     * @throws InterruptException if the thread is interrupted meanwhile
     */
    static List<TopicPartition> of(Consumer<?, ?> consumer, String topic, Duration patience) {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        while (true) {
            List<PartitionInfo> found = consumer.partitionsFor(topic, patience);
            if (!found.isEmpty()) {
                return found.stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new UnknownTopicOrPartitionException("topic " + topic + " has no partitions");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
