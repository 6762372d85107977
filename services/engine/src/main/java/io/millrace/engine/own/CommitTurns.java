package io.millrace.engine.own;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * How many of a node's writers may have a transaction under way at a time. Where they share their processors with the
 * broker, more of them at once only make more and smaller transactions: whoever waits for its turn collects meanwhile.
 */
public final class CommitTurns {
    private final @Nullable Semaphore turns;

    private CommitTurns(@Nullable Semaphore turns) {
        this.turns = turns;
    }

    /** As many as there are writers: for brokers elsewhere, whose delays would otherwise be waited for one by one. */
    public static CommitTurns unlimited() {
        return new CommitTurns(null);
    }

    /** So many at a time, at least 1, in the order they come. */
    public static CommitTurns of(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("commits at once: " + atOnce + " (expected: at least 1)");
        }
        return new CommitTurns(new Semaphore(atOnce, true));
    }

    void enter() {
        if (turns != null) {
            turns.acquireUninterruptibly();
        }
    }

    void leave() {
        if (turns != null) {
            turns.release();
        }
    }
}
