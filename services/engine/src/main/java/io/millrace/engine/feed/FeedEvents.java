package io.millrace.engine.feed;

/** Gets told what happens to feeds, to count it. Calls come from any thread and must return at once. */
@FunctionalInterface
public interface FeedEvents {
    /** A snapshot could not be taken and will be tried again; its subscribers wait. */
    void snapshotFailed(int partition, Throwable cause);

    /** Somebody came back with a cursor and goes on after so many frames that were kept in memory. */
    default void resumed(int frames) {}

    /** A partition's log was read again for those who come back. */
    default void replayed(int partition, int records) {}

    /** A partition's log could not be read again and is tried again; those who come back wait. */
    default void replayFailed(int partition, Throwable cause) {}

    /** Somebody has to begin again with a snapshot. */
    default void reset(Reset reason) {}

    /** Somebody does not keep up: it waits at its place until it has room. */
    default void lagged() {}

    /** So many frames were left out in favour of later ones. */
    default void conflated(int frames) {}
}
