package io.millrace.engine.worker;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Messages of a worker that take effect in order. One that others may rely on waits while triggers before it are being bound,
 * so that what it brings about is not missed by them. Messages come on the link's executor; triggers are bound on any thread.
 */
final class Turns {
    /** So many messages may wait before nothing more is read. */
    private static final int MOST_WAITING = 64;

    private final Link link;
    private final Consumer<FromWorker> taker;
    private final Queue<FromWorker> waiting = new ArrayDeque<>();
    private int binding;
    private boolean ended;

    Turns(Link link, Consumer<FromWorker> taker) {
        this.link = link;
        this.taker = taker;
    }

    /** Takes the message in as soon as it is its turn. */
    void inTurn(FromWorker message) {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (mustWait(message) || !waiting.isEmpty()) {
                waiting.add(message);
                if (waiting.size() == MOST_WAITING) {
                    link.pause();
                }
                return;
            }
        }
        taker.accept(message);
    }

    private boolean mustWait(FromWorker message) {
        return binding > 0 && !(message instanceof FromWorker.RegisterTrigger);
    }

    /** A trigger is being bound. */
    synchronized void bindingOne() {
        binding++;
    }

    /** One is bound, or never will be. */
    void boundOne() {
        boolean last;
        synchronized (this) {
            binding--;
            last = binding == 0 && !waiting.isEmpty();
        }
        if (last) {
            link.executor().execute(this::proceed);
        }
    }

    private void proceed() {
        while (true) {
            FromWorker next;
            synchronized (this) {
                next = waiting.peek();
                if (next == null || mustWait(next)) {
                    return;
                }
            }
            taker.accept(next); // still in the queue, so that nothing overtakes it
            synchronized (this) {
                waiting.poll();
                if (waiting.size() == MOST_WAITING - 1) {
                    link.resume();
                }
            }
        }
    }

    /** Nothing has its turn any more. */
    synchronized void end() {
        ended = true;
        waiting.clear();
    }
}
