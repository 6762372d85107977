package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

/** How the partitions of a new topic are found out. */
class KnownPartitionsTest {
    private static final String TOPIC = "new";

    /** A consumer whose broker hears of the topic only after it has been asked so often. */
    private static final class LateBroker extends MockConsumer<byte[], byte[]> {
        private int unknown;

        LateBroker(int unknown) {
            super("earliest");
            this.unknown = unknown;
        }

        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic, Duration patience) {
            return unknown-- > 0 ? List.of() : List.of(info(topic, 0), info(topic, 1));
        }

        private static PartitionInfo info(String topic, int partition) {
            return new PartitionInfo(topic, partition, Node.noNode(), new Node[0], new Node[0]);
        }
    }

    @Test
    void aTopicThatTheBrokerHasNotHeardOfYetIsAskedForAgain() {
        try (LateBroker consumer = new LateBroker(3)) {
            assertThat(KnownPartitions.of(consumer, TOPIC, Duration.ofMinutes(1)))
                    .containsExactly(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1));
        }
    }

    @Test
    void aTopicThatNobodyKnowsIsNotTakenForAnEmptyOne() {
        try (LateBroker consumer = new LateBroker(Integer.MAX_VALUE)) {
            assertThatThrownBy(() -> KnownPartitions.of(consumer, TOPIC, Duration.ofMillis(50)))
                    .isInstanceOf(UnknownTopicOrPartitionException.class)
                    .hasMessage("topic new has no partitions");
        }
    }
}
