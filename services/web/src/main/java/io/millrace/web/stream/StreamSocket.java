package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.Form;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.FrameReader;
import io.millrace.web.socket.ProtocolException;
import io.millrace.web.socket.SendQueue;
import io.millrace.web.socket.WireFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * One upgraded connection: what it reads are joins, leaves, pings and a close; what it writes comes from the feed. Only
 * to be touched on its I/O thread. It is its own listener for reading, writing and closing, which saves three objects.
 */
final class StreamSocket implements Connection, FrameReader.Receiver, ChannelListener<Channel> {
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
    private final SocketLane lane;
    private final FrameReader reader;
    private final SendQueue queue = new SendQueue();
    private final @Nullable ChannelListener<? super StreamConnection> previousClose;
    /** What the gate knows about the peer. */
    private final @Nullable Json context;

    private @Nullable Subscriptions subscriptions;
    private Phase phase = Phase.OPEN;
    private boolean stalled;
    /** More came than it may hold: to be closed once that is allowed. */
    private boolean slow;
    /** A write has failed: likewise. */
    private boolean failed;

    private long stalledSinceNanos;
    /** How much of its queue the node's budget knows about. */
    private long accountedBytes;

    private int missedPings;
    private final long number;
    private int spoke;
    private int seat;

    private StreamSocket(StreamConnection connection, SocketLane lane, @Nullable Json context) {
        this.connection = connection;
        this.lane = lane;
        this.context = context;
        this.number = lane.commons().nextNumber();
        this.reader = new FrameReader(lane.commons().limits().messageBytes());
        this.previousClose = connection.getCloseListener();
    }

    /** Takes a connection over that has just been upgraded. */
    static StreamSocket begin(StreamConnection connection, SocketLane lane, @Nullable Json context) {
        StreamSocket socket = new StreamSocket(connection, lane, context);
        lane.add(socket);
        lane.commons().entered();
        lane.commons().events().opened();
        connection.setCloseListener(socket);
        connection.getSourceChannel().setReadListener(socket);
        connection.getSinkChannel().setWriteListener(socket);
        // Not resumeReads: what came along with the handshake has been read already and would never be announced.
        connection.getSourceChannel().wakeupReads();
        return socket;
    }

    @Override
    public void handleEvent(Channel channel) {
        if (channel instanceof ConduitStreamSourceChannel source) {
            readable(source);
        } else if (channel instanceof ConduitStreamSinkChannel) {
            writable();
        } else {
            closed();
        }
    }

    private void readable(ConduitStreamSourceChannel source) {
        try {
            for (int i = 0; i < MOST_READS && phase != Phase.CLOSED; i++) {
                ByteBuffer scratch = lane.readScratch();
                int count = source.read(scratch);
                if (count == 0) {
                    break;
                }
                if (count < 0) {
                    end();
                    return;
                }
                missedPings = 0;
                reader.read(scratch.flip(), this);
            }
            flush();
        } catch (ProtocolException e) {
            violated(e);
        } catch (IOException e) {
            end();
        }
    }

    @Override
    public void violated(ProtocolException e) {
        if (phase == Phase.OPEN) {
            lane.commons().events().violation(e.code());
            close(e.code(), e.reason());
        }
    }

    @Override
    public void message(boolean text, byte[] payload) throws ProtocolException {
        ClientMessage message = phase == Phase.OPEN ? lane.commons().messages().read(payload) : null;
        if (message != null) {
            accept(message);
        }
    }

    /** Joins as if the client had asked for it. */
    void join(String subscriptionId, Group group, @Nullable String itemId) {
        try {
            accept(new ClientMessage.Join(subscriptionId, group, itemId));
        } catch (ProtocolException e) {
            violated(e);
        }
    }

    private void accept(ClientMessage message) throws ProtocolException {
        Subscriptions known = subscriptions;
        if (known == null) {
            known = new Subscriptions(lane.lane().subscriber(this, Form.MESSAGE), this);
            subscriptions = known;
        }
        known.accept(message);
    }

    @Override
    public void ping(byte[] payload) {
        boolean room = queue.bytes() <= lane.commons().limits().queueBytes();
        if (phase == Phase.OPEN && room) {
            queue.add(WireFrames.frame(WireFrames.PONG, payload), lane);
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
            finish(Phase.ANSWERING, code, "");
        }
    }

    /** Closes the socket, with a close frame as long as the peer takes it. */
    void close(int code, String reason) {
        if (phase == Phase.OPEN) {
            finish(Phase.CLOSING, code, reason);
        }
    }

    private void finish(Phase next, int code, String reason) {
        phase = next;
        leaveAll();
        queue.truncate(lane);
        queue.add(WireFrames.close(code, reason), lane);
        lane.after(lane.commons().liveness().closeTimeout().toMillis(), this::end);
        write();
    }

    @Override
    public void sync(byte[] frame) {
        if (accepts()) {
            lane.commons().events().synced(frame.length);
            queue.addSnapshot(frame, lane);
        }
    }

    @Override
    public void answer(Json frame) {
        if (accepts()) {
            queue.add(WireFrames.frame(WireFrames.TEXT, frame.utf8()), lane);
        }
    }

    @Override
    public boolean offer(byte[] frame) {
        if (!accepts()) {
            return true;
        }
        if (isOver(frame)) {
            drain(); // perhaps it has become writable, and nobody has looked
        }
        if (isOver(frame)) {
            slow = true;
        } else {
            queue.add(frame, lane);
        }
        return true;
    }

    private boolean isOver(byte[] frame) {
        long live = queue.liveBytes();
        return live > 0 && live + frame.length > lane.commons().limits().queueBytes();
    }

    private boolean accepts() {
        slow |= stalled && lane.commons().isOverfull();
        return phase == Phase.OPEN && !slow && !failed;
    }

    @Override
    public void flush() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (failed) {
            end();
            return;
        }
        if (slow && phase == Phase.OPEN) {
            lane.commons().events().slowReader();
            close(CloseCode.TRY_AGAIN_LATER, "slow reader");
            return;
        }
        if (!stalled && !queue.isEmpty()) {
            write();
        }
        account();
        proceed();
    }

    private void proceed() {
        Subscriptions known = subscriptions;
        if (known != null && phase == Phase.OPEN) {
            try {
                known.proceed();
            } catch (ProtocolException e) {
                violated(e);
            }
        }
    }

    private void writable() {
        write();
        proceed();
    }

    private void write() {
        if (phase == Phase.CLOSED) {
            return;
        }
        drain();
        if (failed || (phase == Phase.ANSWERING && !stalled)) {
            end();
        }
    }

    /** Writes what the peer takes. Ends nothing, since it may come amid a delivery. */
    private void drain() {
        try {
            ConduitStreamSinkChannel sink = connection.getSinkChannel();
            long before = queue.bytes();
            if (!queue.writeTo(sink, lane.writeScratch(), lane, lane.commons().events())) {
                stalled(sink, queue.bytes() < before);
            } else if (stalled) {
                stalled = false;
                sink.suspendWrites();
            }
            account();
        } catch (IOException e) {
            failed = true;
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

    private void account() {
        long change = queue.bytes() - accountedBytes;
        if (change != 0) {
            lane.commons().queued(change);
            accountedBytes += change;
        }
    }

    @Override
    public void lookAfter(long nowNanos) {
        if (phase != Phase.OPEN) {
            return;
        }
        StreamGatewayConfig.Liveness liveness = lane.commons().liveness();
        boolean dead = stalled
                ? nowNanos - stalledSinceNanos > liveness.stallTimeout().toNanos()
                : missedPings >= liveness.missedPings();
        if (dead) {
            lane.commons().events().unresponsive();
            end();
        } else if (!stalled) {
            missedPings++;
            queue.add(PING, lane);
            write();
        }
    }

    @Override
    public void goAway() {
        close(CloseCode.GOING_AWAY, "going away");
    }

    @Override
    public void end() {
        IoUtils.safeClose(connection);
        closed(); // in case the close listener does not come, or has come
    }

    private void closed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        leaveAll();
        queue.discard(lane);
        account();
        lane.remove(this);
        lane.commons().left();
        lane.commons().events().closed();
        ChannelListeners.invokeChannelListener(connection, previousClose);
    }

    private void leaveAll() {
        Subscriptions known = subscriptions;
        subscriptions = null;
        if (known != null) {
            known.leaveAll();
        }
    }

    @Override
    public SocketLane lane() {
        return lane;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public @Nullable Json context() {
        return context;
    }

    @Override
    public long queuedBytes() {
        return queue.bytes();
    }

    @Override
    public void seated(int newSpoke, int newSeat) {
        spoke = newSpoke;
        seat = newSeat;
    }

    @Override
    public int spoke() {
        return spoke;
    }

    @Override
    public int seat() {
        return seat;
    }
}
