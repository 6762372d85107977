package io.millrace.engine.port;

import io.millrace.core.address.RecordKey;
import io.millrace.core.value.Json;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The end of the stream topics, followed once per node: changes and ephemeral events of the partitions that are asked
 * for. Calls may come from any thread and return at once.
 */
public interface Tail {
    /**
     * Starts following a partition; harmless when it is followed already.
     *
     * @return completes when every change committed from then on, and every event sent from then on, will be told; by
     *     then the listener knows where that begins
     */
    CompletionStage<Void> follow(int partition);

    /** Stops following a partition; harmless when it is not followed. */
    void unfollow(int partition);

    /** Gets what is told. All calls for one partition come in order, one after another. */
    interface Listener {
        /** Everything after {@code start} will be told. Comes whenever a partition begins to be followed. */
        default void began(int partition, Mark start) {}

        /**
         * Records of one topic of a partition, in log order. May wait while those who are fed are too far behind: then the
         * log keeps what comes.
         */
        void told(int partition, Batch batch);
    }

    /** Of which topic a record is. */
    enum Source {
        /** A change, which snapshots include: its offset is comparable with their position. */
        CHANGE,
        /** An ephemeral event: its offset belongs to another topic. */
        EVENT
    }

    /**
     * Records of one topic of one partition.
     *
     * @param told without tombstones, in log order; may be empty
     * @param through the last offset that has been read, whatever it is of: tombstones and what is no record of ours, too.
     *     So two who follow a partition to its end have the same mark, whenever they began
     */
    record Batch(Source source, List<Told> told, long through) {
        /** Copies the list. */
        public Batch {
            told = List.copyOf(told);
        }
    }

    /**
     * One record.
     *
     * @param offset in its own topic's partition
     * @param key whose group says who gets it
     * @param frame what they get
     * @param after of an event: the last change of its partition that its sender knew to be committed, to be told before
     *     it; -1 if it knew of none. Of a change: -1
     * @param timestampMs when it was written, by the clock of its writer
     */
    record Told(Source source, long offset, RecordKey key, Json frame, long after, long timestampMs) {}
}
