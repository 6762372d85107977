package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.Form;
import io.millrace.engine.feed.Terms;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.ProtocolException;
import io.millrace.web.socket.WireFrames;
import java.io.IOException;
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
final class StreamSocket implements Connection, ChannelListener<Channel> {
    private static final byte[] PING = WireFrames.frame(WireFrames.PING, new byte[0]);

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

    /**
     * Whose connection it is.
     *
     * @param context what the gate knows about the client
     * @param address what its address counts as
     * @param compressed whether it wants its frames compressed and may send such
     * @param cursors whether all its frames are to tell cursors
     */
    record Guest(@Nullable Json context, long address, boolean compressed, boolean cursors) {}

    private final StreamConnection connection;
    private final Inlet inlet;
    private final Outlet outlet;
    private final @Nullable ChannelListener<? super StreamConnection> previousClose;
    private final @Nullable Json context;
    private final long address;
    private final Form form;

    private @Nullable Subscriptions subscriptions;
    private Phase phase = Phase.OPEN;
    /** What was refused is being asked for again, or will be as soon as the other sockets have had their turn. */
    private boolean resuming;

    private final long number;
    private int spoke;
    private int seat;

    private StreamSocket(StreamConnection connection, SocketLane lane, Guest guest) {
        this.connection = connection;
        this.context = guest.context();
        this.address = guest.address();
        Form bare = guest.compressed() ? Form.DEFLATED : Form.MESSAGE;
        this.form = guest.cursors() ? bare.withCursor() : bare;
        this.number = lane.commons().nextNumber();
        this.inlet = new Inlet(this, lane, guest.compressed());
        this.outlet = new Outlet(lane, connection.getSinkChannel());
        this.previousClose = connection.getCloseListener();
    }

    /** Takes a connection over that has just been upgraded. */
    static StreamSocket begin(StreamConnection connection, SocketLane lane, Guest guest) {
        StreamSocket socket = new StreamSocket(connection, lane, guest);
        lane.add(socket);
        lane.commons().entered(guest.address());
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
            outlet.drain();
            flush();
        } else {
            closed();
        }
    }

    private void readable(ConduitStreamSourceChannel source) {
        try {
            if (inlet.read(source)) {
                flush();
            } else {
                end();
            }
        } catch (ProtocolException e) {
            violated(e);
        } catch (IOException e) {
            end();
        }
    }

    @Override
    public void violated(ProtocolException e) {
        if (phase == Phase.OPEN) {
            commons().events().violation(e.code());
            close(e.code(), e.reason());
        }
    }

    /** Joins as if the client had asked for it. */
    void join(String subscriptionId, Group group, @Nullable String itemId, Terms terms) {
        try {
            accept(new ClientMessage.Join(subscriptionId, group, itemId, terms));
        } catch (ProtocolException e) {
            violated(e);
        }
    }

    /** Does what the client asks for. */
    void accept(ClientMessage message) throws ProtocolException {
        Subscriptions known = subscriptions;
        if (known == null) {
            known = new Subscriptions(lane().lane().subscriber(this, form), this);
            subscriptions = known;
        }
        known.accept(message instanceof ClientMessage.Join join && form.hasCursor() ? join.withCursors() : message);
    }

    /** Answers a ping, unless much waits already. */
    void pong(byte[] payload) {
        if (outlet.bytes() <= commons().limits().queueBytes()) {
            outlet.put(WireFrames.frame(WireFrames.PONG, payload));
        }
    }

    /** The client has sent a close frame. */
    void closedByPeer(int code) {
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
        outlet.clear();
        outlet.put(WireFrames.close(code, reason));
        lane().after(commons().liveness().closeTimeout().toMillis(), this::end);
        outlet.drain();
        settle();
    }

    @Override
    public void sync(byte[] frame) {
        if (accepts()) {
            outlet.sync(frame);
        }
    }

    @Override
    public void answer(Json frame) {
        if (accepts()) {
            outlet.put(WireFrames.frame(WireFrames.TEXT, frame.utf8()));
        }
    }

    @Override
    public boolean offer(byte[] frame) {
        return !accepts() || outlet.offer(frame);
    }

    /** Whether anything but a close can reach the client; the rest may be forgotten. */
    private boolean accepts() {
        return phase == Phase.OPEN && !outlet.hasFailed();
    }

    @Override
    public void flush() {
        if (phase != Phase.CLOSED) {
            outlet.write();
            settle();
        }
        if (phase == Phase.OPEN) {
            resume();
            proceed();
        }
    }

    /** What has been written, or has not, may be the end. */
    private void settle() {
        if (outlet.hasFailed() || (phase == Phase.ANSWERING && !outlet.isStalled())) {
            end();
        }
    }

    /** What was refused is asked for again: once, then the other sockets have their turn. */
    private void resume() {
        Subscriptions known = subscriptions;
        if (known == null || resuming || !outlet.takeRoom()) {
            return;
        }
        resuming = true;
        known.roomAgain();
        outlet.write();
        if (outlet.hasRoomForRefused()) {
            lane().execute(this::resumed);
        } else {
            resuming = false;
        }
        settle();
    }

    private void resumed() {
        resuming = false;
        flush();
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

    @Override
    public void lookAfter(long nowNanos) {
        if (phase != Phase.OPEN) {
            return;
        }
        StreamGatewayConfig.Liveness liveness = commons().liveness();
        boolean dead = outlet.isStalled()
                ? outlet.isStalled(nowNanos, liveness.stallTimeout().toNanos())
                : inlet.missedPings() >= liveness.missedPings();
        if (dead) {
            commons().events().unresponsive();
            end();
            return;
        }
        outlet.lookAfter();
        if (!outlet.isStalled()) {
            if (subscriptions != null) {
                subscriptions.beat();
            }
            inlet.pinged();
            outlet.put(PING);
        }
        flush(); // also where nothing is to be written: the node may have been short of memory, and be no more
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
        outlet.end();
        lane().remove(this);
        commons().left(address);
        commons().events().closed();
        ChannelListeners.invokeChannelListener(connection, previousClose);
    }

    private void leaveAll() {
        Subscriptions known = subscriptions;
        subscriptions = null;
        if (known != null) {
            known.leaveAll();
        }
    }

    /** Whether neither side has said that it is to end. */
    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    /** Whether it has ended. */
    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    private Commons commons() {
        return lane().commons();
    }

    @Override
    public SocketLane lane() {
        return outlet.lane();
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
        return outlet.bytes();
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
