package io.millrace.web.stream;

import io.millrace.core.value.Json;
import io.millrace.engine.feed.Outbox;
import io.millrace.web.socket.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * One open connection of the stream port, for instance a WebSocket, as its lane and its subscriptions see it. Only to be
 * touched on the thread of its lane.
 */
interface Connection extends Outbox {
    /** The lane it belongs to. */
    SocketLane lane();

    /** Which connection of this process it is. */
    long number();

    /** What the gate knows about the client. */
    @Nullable
    Json context();

    /** How many bytes wait to be sent, snapshots among them. */
    long queuedBytes();

    /** Sends a frame that comes from no feed: what became of a join. Always taken, and sent at the next flush. */
    void answer(Json frame);

    /** The client did what is not allowed: closes the connection, with that reason where there is a way to tell it. */
    void violated(ProtocolException breach);

    /** Once per ping interval: ends the connection if its client seems dead, else makes it show a sign of life. */
    void lookAfter(long nowNanos);

    /** This node stops: closes the connection, politely as long as the client takes it. */
    void goAway();

    /** Ends the connection at once. Harmless when it has ended. */
    void end();

    /** Where its lane keeps it from now on. */
    void seated(int spoke, int seat);

    /** Where its lane keeps it. */
    int spoke();

    /** Where on the spoke. */
    int seat();
}
