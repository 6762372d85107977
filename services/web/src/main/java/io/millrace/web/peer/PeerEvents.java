package io.millrace.web.peer;

import io.millrace.web.socket.SocketEvents;

/** Gets told what happens between nodes, to count it. Calls must return at once. */
public interface PeerEvents extends SocketEvents {
    /** A connection to another node is up: both know who the other is. */
    default void up() {}

    /** A connection that was up is gone. */
    default void down() {}

    /** Another node could not be reached. */
    default void unreachable() {}

    /** Somebody was not let in, or did not let us in. */
    default void refused() {}

    /** A question goes out. */
    default void asked() {}

    /** A question's answer has come, or a failure instead. */
    default void answered(boolean failed, long tookNanos) {}

    /** A question will not be answered: there was no room for it, its time was over, or the connection is gone. */
    default void unanswered() {}
}
