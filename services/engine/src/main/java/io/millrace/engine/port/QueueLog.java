package io.millrace.engine.port;

import io.millrace.core.value.Json;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The topics that queues are made of. Names of topics and groups are given without the prefix that all of ours have. Calls
 * may come from any thread and return at once; all of them fail with {@link LogUnavailableException} when Kafka does not do
 * it, after which the same call may succeed later.
 */
public interface QueueLog {
    /** Has the topic: creates it if it is not there. */
    CompletionStage<Void> open(Kind kind, String topic);

    /**
     * Appends one record, in order per topic, key and caller; has the topic, too.
     *
     * @param key records of one key stay in order; null: in no order
     * @return completes when it is safely in Kafka
     */
    CompletionStage<Void> append(Kind kind, String topic, @Nullable String key, Entry entry);

    /** The topics that are there now and whose names begin so. */
    CompletionStage<Set<String>> topics(String prefix);

    /** The groups that are known now and whose names begin so. */
    CompletionStage<Set<String>> groups(String prefix);

    /** Has the group begin at the oldest record of every partition where its place is not known yet. */
    CompletionStage<Void> beginAtOldest(String group, String topic);

    /** How many records of the topic the group is not done with, as far as it has said. None if either is not there. */
    CompletionStage<Long> depth(String group, String topic);

    /**
     * Visits every record that is in the topic now, in order per partition; none if there is no such topic.
     *
     * @return completes when all have been visited
     */
    CompletionStage<Void> read(String topic, Visitor visitor);

    /** What a topic is for, which decides how it is created. */
    enum Kind {
        /** Work to be done by one of several, in as many partitions as configured. */
        QUEUE,
        /** Messages that are in one order: one partition. */
        ORDERED,
        /** The latest per key, in one partition, for longer than the others are kept. */
        MARKS
    }

    /**
     * What is appended.
     *
     * @param headers text by name
     */
    record Entry(Json value, Map<String, String> headers) {
        /** Copies what could change. */
        public Entry {
            headers = Map.copyOf(headers);
        }
    }

    /** Gets records as they are read, on a thread of its own, which it may block. */
    @FunctionalInterface
    interface Visitor {
        /** One record; says whether it wants more. */
        boolean visit(Received record);
    }
}
