package io.millrace.web.socket;

/** Gets told what happens to sockets, to count it. Calls come on the I/O threads and must return at once. */
public interface SocketEvents {
    /** A socket has been opened. */
    default void opened() {}

    /** A socket is gone. */
    default void closed() {}

    /** One write has finished this many frames and put this many bytes on the wire. */
    default void sent(int frames, int bytes) {}

    /** A whole message of so many bytes has arrived. */
    default void received(int bytes) {}

    /** A socket is being closed because it read too slowly. */
    default void slowReader() {}

    /** A socket was closed because its peer gave no sign of life or took nothing. */
    default void unresponsive() {}

    /** A socket is being closed because its peer broke the protocol or a limit. */
    default void violation(int closeCode) {}
}
