package io.millrace.web.stream;

import io.millrace.web.socket.SendQueue;
import java.io.IOException;
import org.xnio.channels.StreamSinkChannel;

/**
 * The writing side of one connection: what waits for its client, and whether the client takes it. A kind of queue only to
 * save an object for each connection that is idle. To be touched on the thread of its lane.
 *
 * <p>What has no room is refused and stays where it comes from; {@link #takeRoom()} says when to ask for it again.
 */
final class Outlet extends SendQueue {
    private final SocketLane lane;
    private final StreamSinkChannel sink;
    private boolean stalled;
    /** A write has failed: the connection is to be ended once that is allowed. */
    private boolean failed;
    /** Something was refused for want of room, and has not been asked for again. */
    private boolean refused;
    /** Something has been refused since it was last looked at. */
    private boolean refusedLately;
    /** Whoever counts has been told that something was refused, and not yet that nothing is any more. */
    private boolean lagging;

    private long stalledSinceNanos;
    /** How much of the queue the node's budget knows about. */
    private long accountedBytes;

    Outlet(SocketLane lane, StreamSinkChannel sink) {
        this.lane = lane;
        this.sink = sink;
    }

    SocketLane lane() {
        return lane;
    }

    /** Adds a frame if there is room. One that is empty always has room. */
    boolean offer(byte[] frame) {
        if (!isEmpty() && !refused && isOver(frame.length)) {
            drain(); // perhaps it has become writable, and nobody has looked
        }
        if (!isEmpty() && (refused || isOver(frame.length) || isShort())) {
            refused = true;
            refusedLately = true;
            if (!lagging) {
                lagging = true;
                lane.commons().events().lagging();
            }
            return false;
        }
        add(frame, lane);
        return true;
    }

    private boolean isOver(int moreBytes) {
        long live = liveBytes();
        return live > 0 && live + moreBytes > lane.commons().limits().queueBytes();
    }

    /** Whether the node has no memory for one who takes nothing. */
    private boolean isShort() {
        return stalled && lane.commons().isOverfull();
    }

    /** Adds a frame whether there is room or not. */
    void put(byte[] frame) {
        add(frame, lane);
    }

    /** Adds a snapshot whether there is room or not. */
    void sync(byte[] frame) {
        lane.commons().events().synced(frame.length);
        addSnapshot(frame, lane);
    }

    /** Drops what waits, but for a frame that is half on the wire. */
    void clear() {
        truncate(lane);
    }

    /** Whether what was refused is to be asked for again; says so once. */
    boolean takeRoom() {
        boolean room = hasRoomForRefused();
        refused &= !room;
        return room;
    }

    /**
     * Whether something was refused that has room now: not before half of what may wait is gone, snapshots included, lest
     * they pile up.
     */
    boolean hasRoomForRefused() {
        return refused && (isEmpty() || (bytes() <= lane.commons().limits().queueBytes() / 2 && !isShort()));
    }

    /** Once per ping interval: who has been refused nothing since is not lagging any more. */
    void lookAfter() {
        if (!refused && !refusedLately) {
            caughtUp();
        }
        refusedLately = false;
    }

    private void caughtUp() {
        if (lagging) {
            lagging = false;
            lane.commons().events().caughtUp();
        }
    }

    /** Writes what waits, unless the client is known to take nothing. */
    void write() {
        if (!stalled && !isEmpty()) {
            drain();
        }
        account();
    }

    /** Writes what the client takes. Ends nothing, since it may come amid a delivery. */
    void drain() {
        if (failed) {
            return;
        }
        try {
            long before = bytes();
            if (!writeTo(sink, lane.writeScratch(), lane, lane.commons().events())) {
                stalled(bytes() < before);
            } else if (stalled) {
                stalled = false;
                sink.suspendWrites();
            }
            account();
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

    private void account() {
        long change = bytes() - accountedBytes;
        if (change != 0) {
            lane.commons().queued(change);
            accountedBytes += change;
        }
    }

    /** Whether the client takes nothing at present. */
    boolean isStalled() {
        return stalled;
    }

    /** Whether the client has taken nothing at all for longer than that. */
    boolean isStalled(long nowNanos, long longerThanNanos) {
        return stalled && nowNanos - stalledSinceNanos > longerThanNanos;
    }

    boolean hasFailed() {
        return failed;
    }

    /** The connection is gone. */
    void end() {
        discard(lane);
        account();
        caughtUp();
    }
}
