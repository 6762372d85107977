package io.millrace.web.stream;

import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.FrameReader;
import io.millrace.web.socket.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * The reading side of one socket: what its client sends, not too much at a time, and when it gave the last sign of life. A
 * kind of reader only to save an object for each socket that is idle. To be touched on the thread of its lane.
 */
final class Inlet extends FrameReader implements FrameReader.Receiver {
    /** After so many full reads the other sockets have their turn. */
    private static final int MOST_READS = 8;

    private static final long SECOND_NANOS = 1_000_000_000;

    private final StreamSocket socket;
    private int missedPings;
    /** Up to when its messages are paid for, each with its share of a second. */
    private long paidNanos = System.nanoTime();

    /** The reading side of a socket, whose client may send compressed messages or not. */
    Inlet(StreamSocket socket, SocketLane lane, boolean compressed) {
        super(lane.commons().limits().messageBytes(), compressed ? lane.inflation() : null);
        this.socket = socket;
    }

    /** Reads what is there. Says whether more may come, on the same connection. */
    boolean read(ConduitStreamSourceChannel source) throws IOException, ProtocolException {
        for (int i = 0; i < MOST_READS && !socket.isClosed(); i++) {
            ByteBuffer scratch = socket.lane().readScratch();
            int count = source.read(scratch);
            if (count <= 0) {
                return count == 0;
            }
            missedPings = 0;
            read(scratch.flip(), this);
        }
        return true;
    }

    @Override
    public void message(boolean text, byte[] payload) throws ProtocolException {
        if (socket.isOpen()) {
            pay();
            ClientMessage message = socket.lane().commons().messages().read(payload);
            if (message != null) {
                socket.accept(message);
            }
        }
    }

    @Override
    public void ping(byte[] payload) throws ProtocolException {
        if (socket.isOpen()) {
            pay();
            socket.pong(payload);
        }
    }

    @Override
    public void pong() throws ProtocolException {
        if (socket.isOpen()) {
            pay(); // that it is a sign of life has been taken note of when it was read
        }
    }

    @Override
    public void close(int code) {
        socket.closedByPeer(code);
    }

    /** Each message costs its share of a second, and as much as may come at once may be owed. */
    private void pay() throws ProtocolException {
        Commons commons = socket.lane().commons();
        int perSecond = commons.shares().messagesPerSecond();
        if (perSecond == 0) {
            return;
        }
        long costNanos = SECOND_NANOS / perSecond;
        long atOnce = Math.max(perSecond, commons.limits().subscriptions());
        long nowNanos = System.nanoTime();
        paidNanos = (paidNanos - nowNanos < 0 ? nowNanos : paidNanos) + costNanos;
        if (paidNanos - nowNanos > costNanos * atOnce) {
            throw new ProtocolException(CloseCode.POLICY, "too many messages");
        }
    }

    /** The client is being asked for a sign of life. */
    void pinged() {
        missedPings++;
    }

    /** How often it has been asked since it gave one. */
    int missedPings() {
        return missedPings;
    }
}
