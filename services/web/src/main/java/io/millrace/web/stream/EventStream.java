package io.millrace.web.stream;

import io.millrace.core.value.Json;
import io.millrace.engine.feed.Form;
import io.millrace.engine.feed.Subscriber;
import io.millrace.engine.feed.Subscription;
import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Visit;
import io.millrace.web.socket.ProtocolException;
import io.millrace.web.socket.SendQueue;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * One answer that does not end: the frames of one subscription as server-sent events. Only to be touched on its I/O thread.
 * The body ends with the connection, so that what is on the wire is nothing but events, which whoever is cut off amid one
 * ignores.
 */
final class EventStream implements Connection, ChannelListener<Channel> {
    private static final int MOST_READS = 8;

    /** Open --we close--> Ending --all is out, or time is up--> Closed; Open --peer closes--> Closed */
    private enum Phase {
        OPEN,
        /** What is half on the wire is finished, nothing follows. */
        ENDING,
        CLOSED
    }

    private final HttpServerExchange exchange;
    private final SocketLane lane;
    private final Visit visit;
    private final StreamSourceConduit source;
    private final StreamSinkChannel sink;
    private final SendQueue queue = new SendQueue();

    private @Nullable Subscriber subscriber;
    private @Nullable Subscription subscription;
    private Phase phase = Phase.OPEN;
    private boolean stalled;
    /** The feed has been told that there is no room. */
    private boolean full;
    /** A write has failed: to be closed once that is allowed. */
    private boolean failed;

    private long stalledSinceNanos;
    /** How much of its queue the node's budget knows about. */
    private long accountedBytes;

    private int spoke;
    private int seat;

    private EventStream(HttpServerExchange exchange, HttpServerConnection connection, SocketLane lane, Visit visit) {
        this.exchange = exchange;
        this.lane = lane;
        this.visit = visit;
        // The request has been read; what the connection has to tell from now on is only that it ends.
        this.source = connection.getOriginalSourceConduit();
        this.sink = exchange.getResponseChannel();
    }

    /** Begins the answer, whose head is filled in, and the subscription, which has been let in. */
    static void begin(HttpServerExchange exchange, SocketLane lane, Visit visit, Terms terms) {
        HttpServerConnection connection = (HttpServerConnection) exchange.getConnection();
        EventStream stream = new EventStream(exchange, connection, lane, visit);
        lane.add(stream);
        lane.commons().entered();
        lane.commons().events().opened();
        connection.addCloseListener(closed -> stream.closed());
        connection.getChannel().getSourceChannel().setReadListener(stream);
        stream.sink.getWriteSetter().set(stream);
        // Of the request nobody wants to know any more, and an idle stream should not keep its headers.
        exchange.getRequestHeaders().clear();
        stream.queue.add(ServerSentEvents.RETRY, lane);
        stream.join(terms);
        stream.write();
        stream.source.resumeReads();
    }

    private void join(Terms terms) {
        lane.commons().gate().joined(visit);
        Subscriber mine = lane.lane().subscriber(this, Form.EVENT_STREAM);
        subscriber = mine;
        subscription = mine.join(visit.group(), visit.itemId(), terms);
        lane.commons().events().joined();
    }

    @Override
    public void handleEvent(Channel channel) {
        if (channel instanceof StreamSinkChannel) {
            write();
            account();
        } else {
            readable();
        }
    }

    /** Whatever it sends means nothing; that it sends no more means that it has gone. */
    private void readable() {
        try {
            for (int i = 0; i < MOST_READS && phase != Phase.CLOSED; i++) {
                int count = source.read(lane.readScratch());
                if (count == 0) {
                    return;
                }
                if (count < 0) {
                    end();
                }
            }
        } catch (IOException e) {
            end();
        }
    }

    @Override
    public void sync(byte[] frame) {
        if (phase == Phase.OPEN) {
            lane.commons().events().synced(frame.length);
            queue.addSnapshot(frame, lane);
        }
    }

    @Override
    public boolean offer(byte[] frame) {
        if (phase != Phase.OPEN || failed) {
            return true; // to be closed: it wants nothing any more
        }
        if (isOver(frame)) {
            drain(); // perhaps it has become writable, and nobody has looked
        }
        full |= isOver(frame);
        if (!full) {
            queue.add(frame, lane);
        }
        return !full;
    }

    private boolean isOver(byte[] frame) {
        long live = queue.liveBytes();
        boolean tooMuch = live + frame.length > lane.commons().limits().queueBytes();
        return live > 0 && (tooMuch || (stalled && lane.commons().isOverfull()));
    }

    @Override
    public void flush() {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (failed) {
            end();
        } else if (!stalled && !queue.isEmpty()) {
            write();
        }
        account();
    }

    private void write() {
        if (phase == Phase.CLOSED) {
            return;
        }
        drain();
        if (failed) {
            end();
        } else if (phase == Phase.ENDING && !stalled) {
            finish();
        } else {
            relieve();
        }
    }

    /** Writes what the peer takes. Ends nothing, since it may come amid a delivery. */
    private void drain() {
        try {
            long before = queue.bytes();
            if (!queue.writeTo(sink, lane.writeScratch(), lane, lane.commons().events())) {
                stalled(queue.bytes() < before);
            } else if (stalled) {
                stalled = false;
                sink.suspendWrites();
            }
        } catch (IOException e) {
            failed = true;
        }
    }

    private void stalled(boolean progress) {
        if (progress || !stalled) {
            stalledSinceNanos = System.nanoTime();
        }
        if (!stalled) {
            stalled = true;
            sink.resumeWrites();
        }
    }

    /** Says so if there is room again. */
    private void relieve() {
        Subscriber mine = subscriber;
        boolean room = queue.liveBytes() <= lane.commons().limits().queueBytes() / 2;
        if (full && room && mine != null && phase == Phase.OPEN) {
            full = false;
            lane.execute(mine::roomAgain);
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
        if (stalled) {
            long stallNanos = lane.commons().liveness().stallTimeout().toNanos();
            if (nowNanos - stalledSinceNanos > stallNanos) {
                lane.commons().events().unresponsive();
                end();
            }
            return;
        }
        Subscription mine = subscription;
        if (mine != null) {
            mine.beat();
        }
        queue.add(ServerSentEvents.HEARTBEAT, lane);
        write();
        account();
    }

    @Override
    public void goAway() {
        if (phase != Phase.OPEN) {
            return;
        }
        phase = Phase.ENDING;
        leave();
        queue.truncate(lane);
        lane.after(lane.commons().liveness().closeTimeout().toMillis(), this::end);
        write();
        account();
    }

    /** The last byte is out, and the connection ends with it. */
    private void finish() {
        try {
            sink.shutdownWrites();
            if (sink.flush()) {
                exchange.endExchange();
            } else {
                sink.resumeWrites();
            }
        } catch (IOException e) {
            end();
        }
    }

    @Override
    public void end() {
        IoUtils.safeClose(exchange.getConnection());
        closed(); // in case the close listener does not come, or has come
    }

    private void closed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        leave();
        queue.discard(lane);
        account();
        lane.remove(this);
        lane.commons().left();
        lane.commons().events().closed();
    }

    private void leave() {
        Subscription mine = subscription;
        subscription = null;
        if (mine != null) {
            mine.leave();
            lane.commons().gate().left(visit);
        }
    }

    @Override
    public void answer(Json frame) {
        if (phase == Phase.OPEN) {
            queue.add(ServerSentEvents.event(frame, ""), lane);
        }
    }

    @Override
    public void violated(ProtocolException breach) {
        goAway();
    }

    @Override
    public SocketLane lane() {
        return lane;
    }

    @Override
    public long number() {
        return visit.socket();
    }

    @Override
    public @Nullable Json context() {
        return visit.context();
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
