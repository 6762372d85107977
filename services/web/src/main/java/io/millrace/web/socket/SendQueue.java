package io.millrace.web.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.channels.StreamSinkChannel;

/**
 * The frames that wait for one socket: references to shared bytes in a ring, which exists only while there are any. Not
 * thread-safe.
 */
public class SendQueue {
    private static final byte[][] NO_RING = {};
    private static final byte[] NOTHING = {};

    private byte[][] ring = NO_RING;
    private int head;
    private int count;
    /** How much of the first frame is on the wire. */
    private int headSent;

    private long bytes;
    /** How many of them, from the first on, the bound does not count: all up to the last snapshot. */
    private long exemptBytes;

    /** Where rings come from and go to. */
    public interface Rings {
        /** An empty ring. */
        byte[][] take();

        /** Takes an empty ring back. */
        void give(byte[][] ring);
    }

    /** How many frames wait, the one that is half on the wire among them. */
    public int frames() {
        return count;
    }

    /** What still has to be sent. */
    public long bytes() {
        return bytes;
    }

    /** What still has to be sent and came after the last snapshot. */
    public long liveBytes() {
        return bytes - exemptBytes;
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Adds a frame. */
    public void add(byte[] frame, Rings rings) {
        if (ring.length == 0) {
            ring = rings.take();
        } else if (count == ring.length) {
            grow();
        }
        ring[(head + count) % ring.length] = frame;
        count++;
        bytes += frame.length;
    }

    /** Adds a snapshot: neither it nor what waits already counts as live any more. */
    public void addSnapshot(byte[] frame, Rings rings) {
        add(frame, rings);
        exemptBytes = bytes;
    }

    private void grow() {
        byte[][] larger = new byte[ring.length * 2][];
        for (int i = 0; i < count; i++) {
            larger[i] = ring[(head + i) % ring.length];
        }
        ring = larger;
        head = 0;
    }

    /** Drops all frames but the one that is half on the wire. */
    public void truncate(Rings rings) {
        int kept = headSent > 0 ? 1 : 0;
        for (int i = kept; i < count; i++) {
            int at = (head + i) % ring.length;
            bytes -= ring[at].length;
            ring[at] = NOTHING;
        }
        count = kept;
        exemptBytes = 0;
        release(rings);
    }

    /** Drops everything: the socket is gone. */
    public void discard(Rings rings) {
        headSent = 0;
        truncate(rings);
        bytes = 0;
    }

    /** Copies as much as fits. */
    void copyTo(ByteBuffer scratch) {
        int from = headSent;
        for (int i = 0; i < count && scratch.hasRemaining(); i++) {
            byte[] frame = ring[(head + i) % ring.length];
            scratch.put(frame, from, Math.min(frame.length - from, scratch.remaining()));
            from = 0;
        }
    }

    /** So many bytes are on the wire. Returns how many frames have been finished by them. */
    int sent(int written, Rings rings) {
        int finished = 0;
        int rest = written + headSent;
        while (count > 0) {
            int length = ring[head].length;
            if (rest < length) {
                break;
            }
            rest -= length;
            ring[head] = NOTHING;
            head = (head + 1) % ring.length;
            count--;
            finished++;
        }
        headSent = rest;
        bytes -= written;
        exemptBytes = Math.max(0, exemptBytes - written);
        release(rings);
        return finished;
    }

    private void release(Rings rings) {
        if (count == 0 && ring.length > 0) {
            rings.give(ring);
            ring = NO_RING;
            head = 0;
        }
    }

    /**
     * Writes until all is written or the peer takes no more, each time as much as the scratch buffer holds.
     *
     * @return whether all has been written
     */
    public boolean writeTo(StreamSinkChannel sink, ByteBuffer scratch, Rings rings, SocketEvents events)
            throws IOException {
        while (count > 0) {
            scratch.clear();
            copyTo(scratch);
            scratch.flip();
            int written = sink.write(scratch);
            if (written > 0) {
                events.sent(sent(written, rings), written);
            }
            if (scratch.hasRemaining()) {
                return false;
            }
        }
        return sink.flush();
    }
}
