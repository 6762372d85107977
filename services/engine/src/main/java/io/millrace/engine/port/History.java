package io.millrace.engine.port;

import io.millrace.engine.port.Tail.Batch;
import java.util.concurrent.CompletionStage;

/** What the stream topics held before the tail told it: read again for those who come back. */
@FunctionalInterface
public interface History {
    /**
     * Reads a partition's changes and events after one mark and through another, which has been told already.
     *
     * @param reader gets batches of each topic in log order, one call after another, until the stage completes
     * @return the mark from which on everything was there: {@code after}, or a later one if older records are gone from
     *     the log (compaction apart, which nothing in the log tells). Fails if it cannot be read now
     */
    CompletionStage<Mark> read(int partition, Mark after, Mark through, Reader reader);

    /** Gets what is read. */
    @FunctionalInterface
    interface Reader {
        /** Some records. */
        void read(Batch batch);
    }
}
