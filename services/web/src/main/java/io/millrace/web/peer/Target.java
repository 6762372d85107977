package io.millrace.web.peer;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Another node that this one dials, again and again, on a thread of its own, until it is told that it need not. */
final class Target implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Target.class);
    private static final long SHORTEST_MS = 50;
    private static final int MOST_DOUBLINGS = 5;

    private final String node;
    private final Calls calls;
    private final Seldom seldom = new Seldom();
    private final Semaphore changed = new Semaphore(0);
    private volatile String address;
    private volatile boolean wanted = true;

    /** Calls other nodes. */
    interface Calls {
        /**
         * Opens a connection.
         *
         * @return done when it is over, with whether the other node was there
         * @throws IOException if it cannot be opened
         */
        CompletableFuture<Boolean> call(String node, String address) throws IOException, InterruptedException;
    }

    Target(String node, String address, Calls calls) {
        this.node = node;
        this.address = address;
        this.calls = calls;
    }

    /** It is to be found there from the next time on, which is now if it is not connected. */
    void move(String to) {
        if (!address.equals(to)) {
            address = to;
            changed.release();
        }
    }

    /** The last call, if one is under way, is the last. */
    void stop() {
        wanted = false;
        changed.release();
    }

    @Override
    public void run() {
        int failures = 0;
        try {
            while (wanted) {
                failures = call() ? 0 : failures + 1;
                rest(failures);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean call() throws InterruptedException {
        changed.drainPermits();
        String at = address;
        try {
            return calls.call(node, at).get();
        } catch (IOException | ExecutionException e) {
            if (seldom.isWorthSaying("", System.nanoTime())) {
                LOG.atWarn()
                        .addKeyValue("node", node)
                        .addKeyValue("address", at)
                        .addKeyValue("why", String.valueOf(e.getMessage()))
                        .log("another node cannot be reached: it is tried again");
            }
            return false;
        }
    }

    /** Waits longer each time nobody was there, and never as long as others do. */
    private void rest(int failures) throws InterruptedException {
        long mostMs = SHORTEST_MS << Math.min(failures, MOST_DOUBLINGS);
        if (wanted) {
            changed.tryAcquire(ThreadLocalRandom.current().nextLong(mostMs / 2, mostMs), TimeUnit.MILLISECONDS);
        }
    }
}
