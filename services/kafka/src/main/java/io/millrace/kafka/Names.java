package io.millrace.kafka;

import io.millrace.core.address.Space;
import org.apache.kafka.common.TopicPartition;

/** What our things are called in Kafka. */
record Names(String prefix) {
    String changes(Space space) {
        return prefix + of(space) + ".changes";
    }

    String messages() {
        return prefix + "messages";
    }

    String presence() {
        return prefix + "presence";
    }

    String cluster() {
        return prefix + "cluster";
    }

    String events() {
        return prefix + "stream.events";
    }

    /** The consumer group of the stores; without the prefix's last separator, as Kafka Streams names folders after it. */
    String application() {
        String stem = prefix.replaceAll("[._-]+$", "");
        return stem.isEmpty() ? "store" : stem + "-store";
    }

    /** A topic, or a group of ours, by the name it has in the engine. */
    String of(String name) {
        return prefix + name;
    }

    TopicPartition inKafka(io.millrace.engine.port.TopicPartition at) {
        return new TopicPartition(of(at.topic()), at.partition());
    }

    io.millrace.engine.port.TopicPartition ours(TopicPartition at) {
        return new io.millrace.engine.port.TopicPartition(at.topic().substring(prefix.length()), at.partition());
    }

    String owner(Space space, int partition) {
        return prefix + "owner." + of(space) + "-" + partition;
    }

    static String of(Space space) {
        return switch (space) {
            case STATE -> "state";
            case STREAM -> "stream";
        };
    }
}
