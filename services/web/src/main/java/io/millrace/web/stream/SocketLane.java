package io.millrace.web.stream;

import io.millrace.engine.feed.Feeds;
import io.millrace.engine.feed.Lane;
import io.millrace.web.socket.Inflation;
import io.millrace.web.socket.SendQueue;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * The connections of one I/O thread and what they share: scratch buffers, rings, their lane of the feed, and a wheel that
 * looks after each of them once per ping interval. Only to be touched on that thread.
 */
final class SocketLane implements SendQueue.Rings {
    private static final int READ_BYTES = 16 << 10;
    private static final int WRITE_BYTES = 64 << 10;
    private static final int RING_SLOTS = 16;
    private static final int MOST_SPARE_RINGS = 4_096;
    private static final int SPOKES = 16;
    /** Long enough for the selector to have its turn, too short to matter. */
    private static final long YIELD_MICROS = 200;

    private final XnioIoThread thread;
    private final Commons commons;
    private final Lane lane;
    private final ByteBuffer readScratch = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer writeScratch = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final Deque<byte[][]> spareRings = new ArrayDeque<>();
    private final List<List<Connection>> wheel = new ArrayList<>();
    private final XnioExecutor.Key ticking;
    private @Nullable Inflation inflation;
    private int spoke;
    private int nextSpoke;

    SocketLane(XnioIoThread thread, Commons commons, Feeds feeds) {
        this.thread = thread;
        this.commons = commons;
        this.lane = feeds.lane(this::execute);
        for (int i = 0; i < SPOKES; i++) {
            wheel.add(new ArrayList<>());
        }
        long tickMicros = commons.liveness().pingInterval().toNanos() / 1_000 / SPOKES;
        this.ticking = thread.executeAtInterval(this::tick, Math.max(1, tickMicros), TimeUnit.MICROSECONDS);
    }

    /** Runs a task on the thread. One that comes from the thread itself lets the selector go first. */
    void execute(Runnable task) {
        if (thread.equals(Thread.currentThread())) {
            thread.executeAfter(task, YIELD_MICROS, TimeUnit.MICROSECONDS);
        } else {
            try {
                thread.execute(task);
            } catch (RejectedExecutionException e) {
                // The thread has ended, and with it all that the task could be about.
            }
        }
    }

    XnioExecutor.Key after(long millis, Runnable task) {
        return thread.executeAfter(task, millis, TimeUnit.MILLISECONDS);
    }

    Commons commons() {
        return commons;
    }

    Lane lane() {
        return lane;
    }

    /** Empty; to be used before anything else is called. */
    ByteBuffer readScratch() {
        return readScratch.clear();
    }

    ByteBuffer writeScratch() {
        return writeScratch;
    }

    /** For what compressed messages the clients send. */
    Inflation inflation() {
        Inflation known = inflation;
        if (known == null) {
            known = new Inflation();
            inflation = known;
        }
        return known;
    }

    void add(Connection connection) {
        nextSpoke = (nextSpoke + 1) % SPOKES;
        List<Connection> connections = wheel.get(nextSpoke);
        connection.seated(nextSpoke, connections.size());
        connections.add(connection);
    }

    void remove(Connection connection) {
        List<Connection> connections = wheel.get(connection.spoke());
        Connection last = connections.removeLast();
        if (!last.equals(connection)) {
            connections.set(connection.seat(), last);
            last.seated(connection.spoke(), connection.seat());
        }
    }

    private void tick() {
        spoke = (spoke + 1) % SPOKES;
        long nowNanos = System.nanoTime();
        each(wheel.get(spoke), connection -> connection.lookAfter(nowNanos));
    }

    /** Closes all connections, politely. */
    void goAway() {
        ticking.remove();
        wheel.forEach(connections -> each(connections, Connection::goAway));
    }

    /** Ends all connections at once. */
    void end() {
        wheel.forEach(connections -> each(connections, Connection::end));
    }

    /** From the end, since one that closes gives its seat to the last one. */
    private static void each(List<Connection> connections, Consumer<Connection> action) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            action.accept(connections.get(i));
        }
    }

    @Override
    public byte[][] take() {
        byte[][] spare = spareRings.pollLast();
        return spare == null ? new byte[RING_SLOTS][] : spare;
    }

    @Override
    public void give(byte[][] ring) {
        if (ring.length == RING_SLOTS && spareRings.size() < MOST_SPARE_RINGS) {
            spareRings.addLast(ring);
        }
    }
}
