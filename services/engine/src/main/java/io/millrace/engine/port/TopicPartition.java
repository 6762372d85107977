package io.millrace.engine.port;

/**
 * One partition of one of our topics.
 *
 * @param topic without the prefix that all of ours have, for instance {@code state.changes}
 */
public record TopicPartition(String topic, int partition) {
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
