package io.millrace.engine.write;

import io.millrace.core.address.Space;
import java.time.Duration;

/** Gets told what the writers do, to count and to log it. Called on the writers' threads: must return at once. */
public interface WriteEvents {
    /** What came of a mutation. */
    enum Answer {
        /** Committed. */
        CHANGED,
        /** There was nothing to change. */
        UNCHANGED,
        /** Refused: another version. */
        CONFLICT,
        /** Refused: too large. */
        TOO_LARGE,
        /** Known already: answered as the first time. */
        REPEATED
    }

    /** A mutation was answered. */
    default void answered(Space space, Answer answer) {}

    /** A transaction was committed, this long after its first record was appended. */
    default void committed(Space space, int partition, int mutations, long bytes, Duration took) {}

    /** A partition is being served, this long after it was taken on or its outcome became doubtful. */
    default void serving(Space space, int partition, Duration takeover) {}

    /** The outcome of a transaction is unknown: its log will be fenced and read. */
    default void inDoubt(Space space, int partition, int mutations, Throwable cause) {}

    /** Another owner has taken over. */
    default void fenced(Space space, int partition, Throwable cause) {}

    /** The log could not be reached: it will be tried again. */
    default void unavailable(Space space, int partition, Throwable cause) {}

    /** An alarm: the partition cannot be served until somebody has looked at it. */
    default void stopped(Space space, int partition, Throwable cause) {}

    /** A mutation failed for a reason of its own, which is a bug of ours. */
    default void failed(Space space, int partition, Throwable cause) {}

    /** The partition was given up in good order. */
    default void handedOver(Space space, int partition) {}

    /** Mutation ids were forgotten before their time because there were too many. */
    default void forgotten(Space space, int partition, int mutationIds) {}
}
