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
    private static final byte[] PING = WireFrames.frame(WireFrames.PING, new byte[0]);
    /** After so many full reads the other sockets have their turn. */
    private static final int MOST_READS = 8;

    /**
     * Open --we close--> Closing --peer closes, or time is up--> Closed
     * Open --peer closes--> Answering --answer is out--> Closed
     */
    private enum Phase {
        OPEN,
        /** Our close frame is queued; nothing else follows it. */
        CLOSING,
        /** The peer's close frame is being answered, then the connection ends. */
        ANSWERING,
        CLOSED
    }

    private final StreamConnection connection;
    private final MessageLane lane;
    private final FrameReader reader;
    private final SendQueue queue = new SendQueue();
    private final @Nullable ChannelListener<? super StreamConnection> previousClose;
    private Listener listener = new Listener() {};

    private final Outgoing outgoing;
    private volatile boolean closed;
    private volatile boolean held;
    private volatile boolean probing;

    private Phase phase = Phase.OPEN;
    private boolean readingSuspended;
    private boolean stalled;
    private boolean closeTimed;
    private long stalledSinceNanos;
    private int missedPings;

    /** Gets what a socket receives, on its I/O thread. Must return at once. */
    public interface Listener {
        /** A whole message, whose bytes are the listener's own. */
        default void message(boolean text, byte[] payload) {}

        /** The peer takes what is sent again, after a congestion. */
        default void relieved() {}

        /** The socket is gone or going: nothing more comes, and nothing more can be sent. Called once. */
        default void closed() {}
    }

    private MessageSocket(StreamConnection connection, MessageLane lane) {
        this.connection = connection;
        this.lane = lane;
        this.reader = new FrameReader(lane.sockets().config().messageBytes());
        this.outgoing = new Outgoing(lane.sockets().config().queueBytes());
        this.previousClose = connection.getCloseListener();
    }

    /** Takes a connection over that has just been upgraded. */
    static void begin(StreamConnection connection, MessageLane lane, Function<MessageSocket, Listener> begun) {
        MessageSocket socket = new MessageSocket(connection, lane);
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
        // Not resumeReads: what came along with the handshake has been read already and would never be announced.
        connection.getSourceChannel().wakeupReads();
    }

    /** Sends a complete frame after all earlier ones. For any thread. Nothing happens if the socket is gone. */
    public void send(byte[] frame) {
        if (!closed && outgoing.add(frame)) {
            lane.announce(this);
        }
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
            if (phase != Phase.OPEN || readingSuspended) {
                probing = false; // what we do not read we cannot miss
                return;
            }
            send(PING);
            lane.after(patience.toMillis(), () -> {
                if (probing && phase == Phase.OPEN && !readingSuspended) {
                    lane.sockets().events().unresponsive();
                    end();
                }
            });
        });
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
        lane.execute(() -> {
            if (phase == Phase.OPEN) {
                outgoing.takeInto(queue, lane);
                finish(Phase.CLOSING, code, reason);
            }
        });
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
                heard();
                reader.read(scratch.flip(), this);
            }
        } catch (ProtocolException e) {
            violated(e);
        } catch (IOException e) {
            end();
        }
    }

    private void heard() {
        missedPings = 0;
        probing = false;
    }

    private void violated(ProtocolException e) {
        if (phase == Phase.OPEN) {
            lane.sockets().events().violation(e.code());
            cut(e.code(), e.reason());
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
            send(WireFrames.frame(WireFrames.PONG, payload));
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
        } else if (phase == Phase.OPEN) {
            outgoing.takeInto(queue, lane);
            queue.truncate(lane);
            finish(Phase.ANSWERING, code, "");
        }
    }

    /** Closes the socket, with a close frame as long as the peer takes it, and without what waits. */
    private void cut(int code, String reason) {
        if (phase == Phase.OPEN) {
            outgoing.takeInto(queue, lane);
            queue.truncate(lane);
            finish(Phase.CLOSING, code, reason);
        }
    }

    private void finish(Phase next, int code, String reason) {
        phase = next;
        forsake();
        queue.add(WireFrames.close(code, reason), lane);
        write();
        regulate();
    }

    /** Nothing is taken in and nothing will be sent any more. */
    private void forsake() {
        if (!closed) {
            closed = true;
            try {
                listener.closed();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("end of a socket met a bug");
            }
        }
    }

    void flush() {
        switch (phase) {
            case OPEN -> {
                outgoing.takeInto(queue, lane);
                if (outgoing.isOverfull()) {
                    lane.sockets().events().slowReader();
                    cut(CloseCode.TRY_AGAIN_LATER, "slow reader");
                } else if (!stalled) {
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
                stalled(sink, queue.bytes() < bytes);
                return;
            }
            if (stalled) {
                stalled = false;
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

    private void stalled(ConduitStreamSinkChannel sink, boolean progress) {
        if (progress || !stalled) {
            stalledSinceNanos = System.nanoTime();
        }
        if (!stalled) {
            stalled = true;
            sink.resumeWrites();
        }
    }

    /** Reads or does not, whichever is right now. */
    private void regulate() {
        if (phase == Phase.CLOSED) {
            return;
        }
        boolean choked = stalled && outgoing.isCongested();
        boolean suspend = phase == Phase.OPEN && (held || choked);
        if (suspend == readingSuspended) {
            return;
        }
        readingSuspended = suspend;
        if (suspend) {
            connection.getSourceChannel().suspendReads();
        } else {
            heard();
            connection.getSourceChannel().wakeupReads();
        }
    }

    /** Once per ping interval: closes the socket if its peer seems dead, else pings it. */
    void lookAfter(long nowNanos) {
        MessageSocketConfig config = lane.sockets().config();
        boolean dead = stalled
                ? nowNanos - stalledSinceNanos > config.stallTimeout().toNanos()
                : missedPings >= config.missedPings();
        if (phase == Phase.CLOSED) {
            return;
        }
        if (dead) {
            lane.sockets().events().unresponsive();
            end();
        } else if (phase == Phase.OPEN && !stalled) {
            // What we do not read we cannot miss.
            missedPings += readingSuspended ? 0 : 1;
            send(PING);
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
