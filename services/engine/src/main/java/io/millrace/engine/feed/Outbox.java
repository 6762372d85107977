package io.millrace.engine.feed;

/**
 * Where a subscriber's frames go, for instance a socket. All calls come on the executor of its lane. None may throw, and
 * only {@link #flush()} may call back into the feed, for instance to leave. The bytes are shared: nobody may change them.
 */
public interface Outbox {
    /** The first frame of a subscription, its snapshot: as large as the snapshot is. */
    void sync(byte[] frame);

    /** A frame to be sent after all earlier ones. */
    void live(byte[] frame);

    /**
     * More events were told while a subscription waited for its snapshot than it may hold, and they are gone: no later frame
     * makes up for them, so the client is to be told, for instance by the end of its socket.
     */
    void lost();

    /** Whatever was given since the last call is to be sent now: nothing more comes at once. */
    void flush();
}
