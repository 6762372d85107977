package io.millrace.web.socket;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/**
 * The message sockets of one I/O thread and what they share. Whoever has something to send announces it; one task per burst
 * then flushes all sockets that were announced. Only {@link #announce} and {@link #execute} may be called on other threads.
 */
final class MessageLane implements SendQueue.Rings {
    private static final Logger LOG = LoggerFactory.getLogger(MessageLane.class);
    private static final int READ_BYTES = 16 << 10;
    private static final int WRITE_BYTES = 64 << 10;
    private static final int RING_SLOTS = 16;
    private static final int MOST_SPARE_RINGS = 256;

    private final XnioIoThread thread;
    private final MessageSockets sockets;
    private final ByteBuffer readScratch = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBuffer writeScratch = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final Deque<byte[][]> spareRings = new ArrayDeque<>();
    private final Set<MessageSocket> all = new LinkedHashSet<>();
    private final XnioExecutor.Key ticking;
    /** Whether the thread is amid reading and flushes by itself afterwards. */
    private boolean reading;

    private final Object announcing = new Object();
    private List<MessageSocket> announced = new ArrayList<>();
    private boolean flushComes;

    MessageLane(XnioIoThread thread, MessageSockets sockets) {
        this.thread = thread;
        this.sockets = sockets;
        long millis = sockets.config().pingInterval().toMillis();
        this.ticking = thread.executeAtInterval(this::tick, millis, TimeUnit.MILLISECONDS);
    }

    boolean isCurrent() {
        return thread.equals(Thread.currentThread());
    }

    /** Runs a task on the thread, at once if this is it. */
    void execute(Runnable task) {
        if (isCurrent()) {
            task.run();
        } else {
            later(task);
        }
    }

    /** Runs a task on the thread, after all earlier ones. */
    void later(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            // The thread has ended, and with it all that the task could be about.
        }
    }

    XnioExecutor.Key after(long millis, Runnable task) {
        return thread.executeAfter(task, millis, TimeUnit.MILLISECONDS);
    }

    MessageSockets sockets() {
        return sockets;
    }

    /** Something waits for a socket. */
    void announce(MessageSocket socket) {
        boolean comesAnyway = isCurrent() && reading;
        synchronized (announcing) {
            announced.add(socket);
            if (comesAnyway || flushComes) {
                return;
            }
            flushComes = true;
        }
        later(this::flushAnnounced);
    }

    /** What is announced meanwhile is flushed at the end, without a task. */
    void beginReading() {
        reading = true;
    }

    void endReading() {
        reading = false;
        flush();
    }

    private void flushAnnounced() {
        synchronized (announcing) {
            flushComes = false;
        }
        flush();
    }

    private void flush() {
        List<MessageSocket> due;
        synchronized (announcing) {
            if (announced.isEmpty()) {
                return;
            }
            due = announced;
            announced = new ArrayList<>();
        }
        for (MessageSocket socket : due) {
            try {
                socket.flush();
            } catch (RuntimeException e) {
                // The others are not to wait for ever because of this one.
                LOG.atError().setCause(e).log("socket could not be flushed");
                socket.end();
            }
        }
    }

    /** Empty; to be used before anything else is called. */
    ByteBuffer readScratch() {
        return readScratch.clear();
    }

    ByteBuffer writeScratch() {
        return writeScratch;
    }

    void add(MessageSocket socket) {
        all.add(socket);
    }

    void remove(MessageSocket socket) {
        all.remove(socket);
    }

    private void tick() {
        long nowNanos = System.nanoTime();
        List.copyOf(all).forEach(socket -> socket.lookAfter(nowNanos));
    }

    /** Closes all sockets with 1001. */
    void goAway() {
        ticking.remove();
        List.copyOf(all).forEach(socket -> socket.close(CloseCode.GOING_AWAY, "going away"));
    }

    /** Ends all sockets at once. */
    void end() {
        List.copyOf(all).forEach(MessageSocket::end);
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
