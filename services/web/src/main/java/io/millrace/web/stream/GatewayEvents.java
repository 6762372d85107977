package io.millrace.web.stream;

import io.millrace.web.socket.SocketEvents;

/** Gets told what happens on the stream port, to count it. Calls come on the I/O threads and must return at once. */
public interface GatewayEvents extends SocketEvents {
    /** A subscription has begun. */
    default void joined() {}

    /** A snapshot of so many bytes has been queued. */
    default void synced(int bytes) {}
}
