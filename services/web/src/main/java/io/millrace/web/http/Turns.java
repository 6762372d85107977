package io.millrace.web.http;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Keeps what is under way at a time to a number; the rest waits, first come, first served. Calls come from any thread. */
final class Turns {
    private final int most;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int taken;

    Turns(int most) {
        this.most = most;
    }

    /**
     * Takes a turn, to be given back.
     *
     * @param begin called when it is there, on this thread or on the one that gives another back; must return at once
     * @return false if too many wait already
     */
    boolean take(Runnable begin) {
        synchronized (this) {
            if (taken == most) {
                return waiting.size() < most && waiting.add(begin);
            }
            taken++;
        }
        begin.run();
        return true;
    }

    /** Ceases to wait. Returns false if it did not wait (any more). */
    synchronized boolean withdraw(Runnable begin) {
        return waiting.remove(begin);
    }

    void giveBack() {
        @Nullable Runnable next;
        synchronized (this) {
            next = waiting.poll();
            taken -= next == null ? 1 : 0;
        }
        if (next != null) {
            next.run();
        }
    }
}
