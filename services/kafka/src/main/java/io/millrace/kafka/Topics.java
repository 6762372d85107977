package io.millrace.kafka;

import io.millrace.core.address.Space;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * The topics as they are in the cluster.
 *
 * @param partitions of each change topic; the events' topic has as many as the stream changes'
 * @param ids of the change topics
 */
record Topics(Names names, Map<Space, Integer> partitions, Map<String, Uuid> ids) {
    Topics {
        partitions = new EnumMap<>(partitions);
        ids = Map.copyOf(ids);
    }

    int partitions(Space space) {
        Integer count = partitions.get(space);
        if (count == null) {
            throw new IllegalStateException("partitions of " + space + ": unknown");
        }
        return count;
    }
}
