package io.millrace.web.stream;

import io.millrace.core.address.Group;
import io.millrace.core.value.Json;
import io.millrace.engine.feed.Form;
import io.millrace.engine.feed.Terms;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.FrameReader;
import io.millrace.web.socket.ProtocolException;
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
    private final FrameReader reader;
    private final Outlet outlet;
    private final @Nullable ChannelListener<? super StreamConnection> previousClose;
    private final @Nullable Json context;
    private final long address;
    private final Form form;

    private @Nullable Subscriptions subscriptions;
    private Phase phase = Phase.OPEN;
    /** What was refused is being asked for again, or will be as soon as the other sockets have had their turn. */
    private boolean resuming;

    private int missedPings;
    /** Up to when its messages are paid for, each with its share of a second. */
    private long paidNanos = System.nanoTime();

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
        this.reader =
                new FrameReader(lane.commons().limits().messageBytes(), guest.compressed() ? lane.inflation() : null);
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
            for (int i = 0; i < MOST_READS && phase != Phase.CLOSED; i++) {
                ByteBuffer scratch = lane().readScratch();
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
            commons().events().violation(e.code());
            close(e.code(), e.reason());
        }
    }

    @Override
    public void message(boolean text, byte[] payload) throws ProtocolException {
        pay();
        ClientMessage message = phase == Phase.OPEN ? commons().messages().read(payload) : null;
        if (message != null) {
            accept(message);
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

    private void accept(ClientMessage message) throws ProtocolException {
        Subscriptions known = subscriptions;
        if (known == null) {
            known = new Subscriptions(lane().lane().subscriber(this, form), this);
            subscriptions = known;
        }
        known.accept(message instanceof ClientMessage.Join join && form.hasCursor() ? join.withCursors() : message);
    }

    @Override
    public void ping(byte[] payload) throws ProtocolException {
        pay();
        boolean room = outlet.bytes() <= commons().limits().queueBytes();
        if (phase == Phase.OPEN && room) {
            outlet.put(WireFrames.frame(WireFrames.PONG, payload));
        }
    }

    @Override
    public void pong() throws ProtocolException {
        pay(); // that it is a sign of life has been taken note of when it was read
    }

    /** Each message costs its share of a second, and as much as may come at once may be owed. */
    private void pay() throws ProtocolException {
        int perSecond = commons().shares().messagesPerSecond();
        if (perSecond == 0 || phase != Phase.OPEN) {
            return;
        }
        long costNanos = 1_000_000_000L / perSecond;
        long atOnce = Math.max(perSecond, commons().limits().subscriptions());
        long nowNanos = System.nanoTime();
        paidNanos = (paidNanos - nowNanos < 0 ? nowNanos : paidNanos) + costNanos;
        if (paidNanos - nowNanos > costNanos * atOnce) {
            throw new ProtocolException(CloseCode.POLICY, "too many messages");
        }
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
                : missedPings >= liveness.missedPings();
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
            missedPings++;
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
