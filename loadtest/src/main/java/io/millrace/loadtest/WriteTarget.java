package io.millrace.loadtest;

import java.util.concurrent.CompletionStage;

/** What can be written to and says when a write is safe. */
interface WriteTarget extends AutoCloseable {
    /** For the table of results. */
    String name();

    /**
     * Writes a value. Called by one thread; may block while too much is waiting.
     *
     * @param key from 0, below {@link Workload#keys()}
     * @return completes on any thread, once the write is committed; fails if it is not known to be
     */
    CompletionStage<?> submit(int key, byte[] value);

    @Override
    void close();
}
