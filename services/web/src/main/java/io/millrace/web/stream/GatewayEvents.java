package io.millrace.web.stream;

import io.millrace.web.socket.SocketEvents;

/** Gets told what happens on the stream port, to count it. Calls come on the I/O threads and must return at once. */
public interface GatewayEvents extends SocketEvents {
    /** A subscription has begun. */
    default void joined() {}

    /** A snapshot of so many bytes has been queued, or what announces one. */
    default void synced(int bytes) {}

    /** A connection that was not lagging has no room for what its subscriptions bring: they wait at their places. */
    default void lagging() {}

    /** A connection that was lagging has had room for everything since it was last looked after, or is gone. */
    default void caughtUp() {}

    /** A frame of so many bytes has been compressed, once for all who get it. */
    default void compressed(int plainBytes, int compressedBytes) {}

    /** A request has been answered with this HTTP status instead of being let in. */
    default void turnedAway(int status) {}

    /** A join has been answered with a refusal. */
    default void joinRefused(JoinRefusal why) {}

    /** Why a join is refused. */
    enum JoinRefusal {
        /** The gate does not let it in. */
        UNAUTHORIZED,
        /** It wants what we do not have. */
        TERMS
    }
}
