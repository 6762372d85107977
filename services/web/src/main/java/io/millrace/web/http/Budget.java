package io.millrace.web.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of bodies may be kept at a time, all requests together. Calls come from any thread. */
final class Budget {
    private final AtomicLong leftBytes;

    Budget(long bytes) {
        leftBytes = new AtomicLong(bytes);
    }

    /** Takes some, to be given back. Returns false if there is not enough. */
    boolean take(int bytes) {
        boolean enough = leftBytes.addAndGet(-bytes) >= 0;
        if (!enough) {
            leftBytes.addAndGet(bytes);
        }
        return enough;
    }

    void giveBack(long bytes) {
        leftBytes.addAndGet(bytes);
    }
}
