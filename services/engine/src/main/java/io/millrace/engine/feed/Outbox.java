package io.millrace.engine.feed;

/**
 * Where a subscriber's frames go, for instance a socket. All calls come on the executor of its lane. None may throw, and
 * only {@link #flush()} may call back into the feed, for instance to leave. The bytes are shared: nobody may change them.
 */
public interface Outbox {
    /** A frame that has to be taken, however large it is: a snapshot, or one that says that a snapshot follows. */
    void sync(byte[] frame);

    /**
     * A frame to be sent after all earlier ones.
     *
     * @return false if there is no room: nothing has been taken, and the subscription waits at this place of the log until
     *     {@link Subscriber#roomAgain()}. One that is empty always has room
     */
    boolean offer(byte[] frame);

    /** Whatever was given since the last call is to be sent now: nothing more comes at once. */
    void flush();
}
