package io.millrace.web.stream;

import io.millrace.core.value.Json;
import io.millrace.engine.feed.Form;
import io.millrace.engine.feed.Subscriber;
import io.millrace.engine.feed.Subscription;
import io.millrace.engine.feed.Terms;
import io.millrace.engine.gate.Visit;
import io.millrace.web.socket.ProtocolException;
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
 * One answer that does not end: the frames of one subscription as server-sent events. Only to be touched on its I/O
 * thread. The body ends with the connection, so that nothing but events is on the wire; whoever is cut off amid one
 * ignores that one.
 */
final class EventStream implements Connection, ChannelListener<Channel> {
    /** After so many full reads the other connections have their turn. */
    private static final int MOST_READS = 8;

    /** Open --we close--> Ending --all is out, or time is up--> Closed; Open --peer closes--> Closed */
    private enum Phase {
        OPEN,
        /** What is half on the wire is finished, nothing follows. */
        ENDING,
        CLOSED
    }

    private final HttpServerExchange exchange;
    private final Visit visit;
    private final long address;
    private final StreamSourceConduit source;
    private final StreamSinkChannel sink;
    private final Outlet outlet;

    private final Subscriber subscriber;
    private @Nullable Subscription subscription;
    private Phase phase = Phase.OPEN;
    /** What was refused is being asked for again, or will be as soon as the other connections have had their turn. */
    private boolean resuming;

    private int spoke;
    private int seat;

    private EventStream(HttpServerExchange exchange, HttpServerConnection connection, SocketLane lane, Visit visit) {
        this.exchange = exchange;
        this.visit = visit;
        this.address = Entrance.address(exchange);
        // The request has been read; what the connection has to tell from now on is only that it ends.
        this.source = connection.getOriginalSourceConduit();
        this.sink = exchange.getResponseChannel();
        this.outlet = new Outlet(lane, sink);
        this.subscriber = lane.lane().subscriber(this, Form.EVENT_STREAM);
    }

    /** Begins the answer, whose head is filled in, and the subscription, which has been let in. */
    static void begin(HttpServerExchange exchange, SocketLane lane, Visit visit, Terms terms) {
        HttpServerConnection connection = (HttpServerConnection) exchange.getConnection();
        EventStream stream = new EventStream(exchange, connection, lane, visit);
        lane.add(stream);
        stream.commons().entered(stream.address);
        stream.commons().events().opened();
        connection.addCloseListener(closed -> stream.closed());
        connection.getChannel().getSourceChannel().setReadListener(stream);
        stream.sink.getWriteSetter().set(stream);
        stream.outlet.put(ServerSentEvents.RETRY);
        stream.join(terms);
        stream.flush();
        // Of the request nobody wants to know any more, and what is idle should not keep its headers.
        exchange.getRequestHeaders().clear();
        stream.source.resumeReads();
    }

    private void join(Terms terms) {
        commons().gate().joined(visit);
        subscription = subscriber.join(visit.group(), visit.itemId(), terms);
        commons().events().joined();
    }

    @Override
    public void handleEvent(Channel channel) {
        if (channel instanceof StreamSinkChannel) {
            outlet.drain();
            flush();
        } else {
            readable();
        }
    }

    /** Whatever the client sends means nothing; that it sends no more means that it has gone. */
    private void readable() {
        try {
            for (int i = 0; i < MOST_READS && phase != Phase.CLOSED; i++) {
                int count = source.read(lane().readScratch());
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
        if (accepts()) {
            outlet.sync(frame);
        }
    }

    @Override
    public void answer(Json frame) {
        if (accepts()) {
            outlet.put(ServerSentEvents.event(frame, ""));
        }
    }

    @Override
    public boolean offer(byte[] frame) {
        return !accepts() || outlet.offer(frame);
    }

    /** Whether anything can reach the client; the rest may be forgotten. */
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
        }
    }

    /** What has been written, or has not, may be the end. */
    private void settle() {
        if (outlet.hasFailed()) {
            end();
        } else if (phase == Phase.ENDING && outlet.isEmpty() && !outlet.isStalled()) {
            finish();
        }
    }

    /** What was refused is asked for again: once, then the other connections have their turn. */
    private void resume() {
        if (resuming || !outlet.takeRoom()) {
            return;
        }
        resuming = true;
        subscriber.roomAgain();
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

    @Override
    public void lookAfter(long nowNanos) {
        if (phase != Phase.OPEN) {
            return;
        }
        if (outlet.isStalled(nowNanos, commons().liveness().stallTimeout().toNanos())) {
            commons().events().unresponsive();
            end();
            return;
        }
        outlet.lookAfter();
        if (!outlet.isStalled()) {
            if (subscription != null) {
                subscription.beat();
            }
            outlet.put(ServerSentEvents.HEARTBEAT);
        }
        flush(); // also where nothing is to be written: the node may have been short of memory, and be no more
    }

    @Override
    public void violated(ProtocolException breach) {
        goAway();
    }

    @Override
    public void goAway() {
        if (phase == Phase.OPEN) {
            phase = Phase.ENDING;
            leave();
            outlet.clear();
            lane().after(commons().liveness().closeTimeout().toMillis(), this::end);
            outlet.drain();
            settle();
        }
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
        outlet.end();
        lane().remove(this);
        commons().left(address);
        commons().events().closed();
    }

    private void leave() {
        Subscription mine = subscription;
        subscription = null;
        if (mine != null) {
            mine.leave();
            commons().gate().left(visit);
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
        return visit.socket();
    }

    @Override
    public @Nullable Json context() {
        return visit.context();
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
