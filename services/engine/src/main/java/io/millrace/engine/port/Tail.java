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
     * @return completes when every change committed from then on, and every event sent from then on, will be told
     */
    CompletionStage<Void> follow(int partition);

    /** Stops following a partition; harmless when it is not followed. */
    void unfollow(int partition);

    /** Gets what is told. All calls for one partition come in order, one after another. */
    interface Listener {
        /**
         * Records of one partition, those of each source in log order, without tombstones. May wait while those who are
         * fed are too far behind: then the log keeps what comes.
         */
        void told(int partition, List<Told> batch);
    }

    /** Of which topic a record is. */
    enum Source {
        /** A change, which snapshots include: its offset is comparable with their position. */
        CHANGE,
        /** An ephemeral event: its offset belongs to another topic. */
        EVENT
    }

    /**
     * One record.
     *
     * @param offset in its own topic's partition
     * @param key whose group says who gets it
     * @param frame what they get
     */
    record Told(Source source, long offset, RecordKey key, Json frame) {}
}
