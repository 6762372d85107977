package io.millrace.kafka;

import io.millrace.core.address.Space;

/** What our things are called in Kafka. */
record Names(String prefix) {
    String changes(Space space) {
        return prefix + of(space) + ".changes";
    }

    String messages() {
        return prefix + "messages";
    }

    String events() {
        return prefix + "stream.events";
    }

    /** The consumer group of the stores; without the prefix's last separator, as Kafka Streams names folders after it. */
    String application() {
        String stem = prefix.replaceAll("[._-]+$", "");
        return stem.isEmpty() ? "store" : stem + "-store";
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
