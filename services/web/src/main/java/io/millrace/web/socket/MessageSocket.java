package io.millrace.web.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * One upgraded connection that carries messages both ways. It reads and writes on its I/O thread; what is said to be for any
 * thread hands over to that one, with one task for many frames and one write for as many as there are.
 *
 * <p>A peer that does not take what waits for it is not read from either, so that it cannot ask for ever more; one for which
 * too much waits nevertheless is closed.
 */
public final class MessageSocket implements FrameReader.Receiver, ChannelListener<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(MessageSocket.class);
    /** After so many full reads the other sockets have their turn. */
    private static final int MOST_READS = 8;

    private final StreamConnection connection;
    private final Side side;
    private final MessageLane lane;
    private final FrameReader reader;
    private final SendQueue queue = new SendQueue();
    private final Vitals vitals = new Vitals();
    private final @Nullable ChannelListener<? super StreamConnection> previousClose;
    private Listener listener = new Listener() {};
    private final Outgoing outgoing;
    private volatile boolean closed;
    private volatile boolean held;
    private volatile boolean probing;
    private Phase phase = Phase.OPEN;
    private boolean readingSuspended;
    private boolean closeTimed;

    /** Gets what a socket receives, on its I/O thread. Must return at once. */
    public interface Listener {
        /** A whole message, whose bytes are the listener's own. */
        default void message(boolean text, byte[] payload) {}

        /** The peer takes what is sent again, after a congestion. */
        default void relieved() {}

        /**
         * Whether the peer is read from though it does not take what waits for it, and pings by itself: ends that both
         * send unasked would wait for one another otherwise.
         */
        default boolean hearsSlowPeers() {
            return false;
        }

        /** The socket is gone or going: nothing more comes, and nothing more can be sent. Called once. */
        default void closed() {}
    }

    private MessageSocket(StreamConnection connection, Side side, MessageLane lane) {
        this.connection = connection;
        this.side = side;
        this.lane = lane;
        this.reader = new FrameReader(lane.sockets().config().messageBytes(), side);
        this.outgoing = new Outgoing(lane.sockets().config().queueBytes());
        this.previousClose = connection.getCloseListener();
    }

    /** Takes a connection over that has just been upgraded. */
    static void begin(
            StreamConnection connection, Side side, MessageLane lane, Function<MessageSocket, Listener> begun) {
        MessageSocket socket = new MessageSocket(connection, side, lane);
        lane.add(socket);
        lane.sockets().events().opened();
        connection.setCloseListener(socket);
        connection.getSourceChannel().setReadListener(socket);
        connection.getSinkChannel().setWriteListener(socket);
        try {
            socket.listener = begun.apply(socket);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("begin of a socket met a bug");
            socket.end();
            return;
        }
        // What came along with the handshake has been read already: resumeReads would never announce it.
        connection.getSourceChannel().wakeupReads();
    }

    /** Sends a complete frame after all earlier ones. For any thread. Nothing happens if the socket is gone. */
    public void send(byte[] frame) {
        if (!closed && outgoing.add(frame)) {
            lane.announce(this);
        }
    }

    /** Sends a text message. For any thread. */
    public void sendText(byte[] utf8) {
        send(side.frame(WireFrames.TEXT, utf8));
    }

    /**
     * Sends a binary message of these parts, unless more than {@code most} bytes would be unsent then; one message always
     * may. For any thread. Returns whether there was room; a socket that is gone has it.
     */
    public boolean trySend(long most, byte[]... parts) {
        return closed || (outgoing.unsentBytes() <= most && trySend(most, side.frame(WireFrames.BINARY, parts)));
    }

    private boolean trySend(long most, byte[] frame) {
        boolean room = outgoing.reserve(frame.length, most);
        if (room && outgoing.addReserved(frame)) {
            lane.announce(this);
        }
        return room;
    }

    /** How much waits to be taken by the peer. For any thread. */
    public long unsentBytes() {
        return outgoing.unsentBytes();
    }

    /** The largest message of the peer from now on. On the I/O thread only. */
    public void limitMessages(int bytes) {
        reader.limit(bytes);
    }

    /** Whether the peer is slow to take what is sent, or seems to be gone. For any thread. */
    public boolean isCongested() {
        return probing || outgoing.isCongested();
    }

    /**
     * Makes sure that the peer is still there: a ping, and the end if nothing is heard until {@code patience} has passed. Until
     * something is, the socket counts as congested. For any thread.
     */
    public void probe(Duration patience) {
        probing = true;
        lane.execute(() -> {
            probing = isHeard();
            if (probing) {
                send(side.frame(WireFrames.PING));
                lane.after(patience.toMillis(), () -> giveUpIf(probing && isHeard()));
            }
        });
    }

    /** What we do not read we cannot miss. */
    private boolean isHeard() {
        return phase == Phase.OPEN && !readingSuspended;
    }

    private void giveUpIf(boolean dead) {
        if (dead) {
            lane.sockets().events().unresponsive();
            end();
        }
    }

    /** Reads nothing more for the time being, what has arrived already apart. For any thread. */
    public void pause() {
        held = true;
        lane.execute(this::regulate);
    }

    /** Reads again. For any thread. */
    public void resume() {
        held = false;
        lane.execute(this::regulate);
    }

    /** Closes the socket once everything before is sent. For any thread. {@link CloseCode#NONE} for a close without a code. */
    public void close(int code, String reason) {
        lane.execute(() -> finish(Phase.CLOSING, false, code, reason));
    }

    /** The socket's I/O thread; a task from that thread itself is run later. */
    public Executor executor() {
        return lane::later;
    }

    @Override
    public void handleEvent(Channel channel) {
        if (channel instanceof ConduitStreamSourceChannel source) {
            lane.beginReading();
            try {
                readable(source);
            } finally {
                lane.endReading();
            }
        } else if (channel instanceof ConduitStreamSinkChannel) {
            write();
            regulate();
        } else {
            closed();
        }
    }

    private void readable(ConduitStreamSourceChannel source) {
        try {
            for (int i = 0; i < MOST_READS && phase != Phase.CLOSED && !readingSuspended; i++) {
                ByteBuffer scratch = lane.readScratch();
                int count = source.read(scratch);
                if (count == 0) {
                    break;
                }
                if (count < 0) {
                    end();
                    return;
                }
                vitals.heard();
                probing = false;
                reader.read(scratch.flip(), this);
            }
        } catch (ProtocolException e) {
            if (phase == Phase.OPEN) {
                lane.sockets().events().violation(e.code());
                cut(e.code(), e.reason());
            }
        } catch (IOException e) {
            end();
        }
    }

    @Override
    public void message(boolean text, byte[] payload) {
        if (phase != Phase.OPEN) {
            return;
        }
        lane.sockets().events().received(payload.length);
        try {
            listener.message(text, payload);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("message could not be taken in");
            cut(CloseCode.INTERNAL_ERROR, "internal error");
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (phase == Phase.OPEN && !outgoing.isCongested()) {
            send(side.frame(WireFrames.PONG, payload));
        }
    }

    @Override
    public void pong() {
        // Any sign of life has been taken note of when it was read.
    }

    @Override
    public void close(int code) {
        if (phase == Phase.CLOSING) {
            end();
        } else {
            finish(Phase.ANSWERING, true, code, "");
        }
    }

    /** Closes the socket, with a close frame as long as the peer takes it, and without what waits. */
    private void cut(int code, String reason) {
        finish(Phase.CLOSING, true, code, reason);
    }

    private void finish(Phase next, boolean truncating, int code, String reason) {
        if (phase != Phase.OPEN) {
            return;
        }
        phase = next;
        outgoing.takeInto(queue, lane);
        if (truncating) {
            queue.truncate(lane);
        }
        forsake();
        queue.add(side.close(code, reason), lane);
        write();
        regulate();
    }

    /** Nothing is taken in and nothing will be sent any more. */
    private void forsake() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            listener.closed();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("end of a socket met a bug");
        }
    }

    void flush() {
        switch (phase) {
            case OPEN -> {
                outgoing.takeInto(queue, lane);
                if (outgoing.isOverfull()) {
                    lane.sockets().events().slowReader();
                    cut(CloseCode.TRY_AGAIN_LATER, "slow reader");
                } else if (!vitals.isStalled()) {
                    write();
                }
                regulate();
            }
            case CLOSING, ANSWERING, CLOSED -> outgoing.drop();
        }
    }

    private void write() {
        boolean congested = outgoing.isCongested();
        if (phase != Phase.CLOSED) {
            drain();
        }
        if (congested && !outgoing.isCongested() && phase == Phase.OPEN) {
            listener.relieved();
        }
    }

    private void drain() {
        try {
            ConduitStreamSinkChannel sink = connection.getSinkChannel();
            long bytes = queue.bytes();
            int frames = queue.frames();
            boolean all = queue.writeTo(
                    sink, lane.writeScratch(), lane, lane.sockets().events());
            outgoing.sent(frames - queue.frames(), bytes - queue.bytes());
            if (!all) {
                if (vitals.stalled(queue.bytes() < bytes)) {
                    sink.resumeWrites();
                }
                return;
            }
            if (vitals.taken()) {
                sink.suspendWrites();
            }
            if (phase == Phase.ANSWERING) {
                end();
            } else if (phase == Phase.CLOSING && !closeTimed) {
                closeTimed = true;
                lane.after(lane.sockets().config().closeTimeout().toMillis(), this::end);
            }
        } catch (IOException e) {
            end();
        }
    }

    /** Reads or does not, whichever is right now. */
    private void regulate() {
        boolean choked = vitals.isStalled() && outgoing.isCongested() && !listener.hearsSlowPeers();
        boolean suspend = phase == Phase.OPEN && (held || choked);
        if (phase == Phase.CLOSED || suspend == readingSuspended) {
            return;
        }
        readingSuspended = suspend;
        if (suspend) {
            connection.getSourceChannel().suspendReads();
        } else {
            vitals.heard();
            probing = false;
            connection.getSourceChannel().wakeupReads();
        }
    }

    /** Once per ping interval: closes the socket if its peer seems dead, else pings it. */
    void lookAfter(long nowNanos) {
        giveUpIf(phase != Phase.CLOSED && vitals.isDead(nowNanos, lane.sockets().config()));
        if (isHeard() && (!vitals.isStalled() || listener.hearsSlowPeers())) {
            vitals.pinged();
        }
        if (phase == Phase.OPEN && !vitals.isStalled()) {
            send(side.frame(WireFrames.PING));
        }
    }

    /** Ends the connection at once. */
    void end() {
        IoUtils.safeClose(connection);
        closed(); // in case the close listener does not come, or has come
    }

    private void closed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        queue.discard(lane);
        outgoing.drop();
        lane.remove(this);
        lane.sockets().leave();
        lane.sockets().events().closed();
        forsake();
        ChannelListeners.invokeChannelListener(connection, previousClose);
    }
}
