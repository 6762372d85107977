package io.millrace.web.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What other threads hand over to a socket's I/O thread to be sent, and how much of everything is unsent. Thread-safe. */
final class Outgoing {
    /** So many unsent frames are a congestion, or so many unsent bytes. */
    static final int CONGESTED_FRAMES = 64;

    private static final int CONGESTED_BYTES = 1 << 20;

    private final long mostBytes;
    private final Queue<byte[]> inbox = new ArrayDeque<>();
    private boolean announced;
    private final AtomicInteger unsentFrames = new AtomicInteger();
    private final AtomicLong unsentBytes = new AtomicLong();
    private volatile boolean overfull;

    /** Takes no more than so many bytes, but always one frame. */
    Outgoing(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Adds a frame, or notes that there is no room for it. Returns whether the I/O thread must be told. */
    boolean add(byte[] frame) {
        long before = unsentBytes.getAndAdd(frame.length);
        if (before > 0 && before + frame.length > mostBytes) {
            unsentBytes.addAndGet(-frame.length);
            overfull = true;
            return announce(null);
        }
        unsentFrames.incrementAndGet();
        return announce(frame);
    }

    /** Makes room for so many bytes, if not more than {@code most} are unsent then or nothing else is. */
    boolean reserve(int bytes, long most) {
        for (long unsent = unsentBytes.get(); unsent == 0 || unsent + bytes <= most; unsent = unsentBytes.get()) {
            if (unsentBytes.compareAndSet(unsent, unsent + bytes)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a frame for which room has been made. Returns whether the I/O thread must be told. */
    boolean addReserved(byte[] frame) {
        unsentFrames.incrementAndGet();
        return announce(frame);
    }

    long unsentBytes() {
        return unsentBytes.get();
    }

    private boolean announce(byte @Nullable [] frame) {
        synchronized (inbox) {
            if (frame != null) {
                inbox.add(frame);
            }
            boolean first = !announced;
            announced = true;
            return first;
        }
    }

    /** Moves what has been added into the queue of the I/O thread. */
    void takeInto(SendQueue queue, SendQueue.Rings rings) {
        synchronized (inbox) {
            announced = false;
            for (byte[] frame = inbox.poll(); frame != null; frame = inbox.poll()) {
                queue.add(frame, rings);
            }
        }
    }

    /** Forgets what has been added. */
    void drop() {
        synchronized (inbox) {
            announced = false;
            inbox.clear();
        }
    }

    /** So much has been sent. */
    void sent(int frames, long bytes) {
        unsentFrames.addAndGet(-frames);
        unsentBytes.addAndGet(-bytes);
    }

    boolean isCongested() {
        return unsentFrames.get() >= CONGESTED_FRAMES || unsentBytes.get() >= CONGESTED_BYTES;
    }

    /** Whether more was to be sent than may wait. */
    boolean isOverfull() {
        return overfull;
    }
}
