package io.millrace.engine.write;

import java.util.ArrayDeque;

/** Mutations on their way to the writer's thread: many put, one takes. Bounded in count and bytes. */
final class Inbox {
    private final int maxMutations;
    private final long maxBytes;
    private ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    private volatile boolean filled;

    Inbox(WriterConfig config) {
        this.maxMutations = config.queueMaxMutations();
        this.maxBytes = config.queueMaxBytes();
    }

    /** What became of an offer. */
    enum Offer {
        TAKEN,
        FULL,
        CLOSED
    }

    synchronized Offer offer(Pending pending) {
        if (closed) {
            return Offer.CLOSED;
        }
        if (waiting.size() >= maxMutations || bytes >= maxBytes) {
            return Offer.FULL;
        }
        waiting.addLast(pending);
        bytes += pending.sizeBytes();
        filled = true;
        return Offer.TAKEN;
    }

    boolean isEmpty() {
        return !filled;
    }

    /** All that waits, in order, for an empty queue in which more may wait. */
    synchronized ArrayDeque<Pending> take(ArrayDeque<Pending> empty) {
        ArrayDeque<Pending> taken = waiting;
        waiting = empty;
        bytes = 0;
        filled = false;
        return taken;
    }

    /** Takes no more. What waits can still be taken. */
    synchronized void close() {
        closed = true;
    }

    synchronized int size() {
        return waiting.size();
    }
}
