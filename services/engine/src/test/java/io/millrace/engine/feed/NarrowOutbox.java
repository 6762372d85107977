package io.millrace.engine.feed;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A socket's queue: takes what its bound allows, and lets the client have what was flushed. */
final class NarrowOutbox implements Outbox {
    private final long boundBytes;
    /** A fault: frames it has no room for are dropped, and said to be taken. */
    private final boolean lies;

    private final Queue<byte[]> queue = new ArrayDeque<>();
    private long bytes;
    private int flushed;
    private boolean refused;
    /** How often it had no room. */
    int refusals;

    NarrowOutbox(long boundBytes, boolean lies) {
        this.boundBytes = boundBytes;
        this.lies = lies;
    }

    @Override
    public void sync(byte[] frame) {
        add(frame);
    }

    @Override
    public boolean offer(byte[] frame) {
        if (!queue.isEmpty() && bytes + frame.length > boundBytes) {
            refused = true;
            refusals++;
            return lies;
        }
        add(frame);
        return true;
    }

    private void add(byte[] frame) {
        queue.add(frame);
        bytes += frame.length;
    }

    @Override
    public void flush() {
        flushed = queue.size();
    }

    /** What the client reads next; null if there is nothing yet. */
    byte @Nullable [] take() {
        if (flushed == 0) {
            return null;
        }
        flushed--;
        byte[] frame = queue.remove();
        bytes -= frame.length;
        return frame;
    }

    /** Whether somebody is to be told that there is room again; says so once. */
    boolean hasRoomAgain() {
        boolean again = refused && bytes <= boundBytes / 2;
        refused &= !again;
        return again;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    long bytes() {
        return bytes;
    }
}
