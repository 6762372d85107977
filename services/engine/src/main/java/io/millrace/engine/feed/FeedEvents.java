package io.millrace.engine.feed;

/** Gets told what goes wrong for a while. Calls come from any thread and must return at once. */
@FunctionalInterface
public interface FeedEvents {
    /** A snapshot could not be taken and will be tried again; its subscribers wait. */
    void snapshotFailed(int partition, Throwable cause);
}
