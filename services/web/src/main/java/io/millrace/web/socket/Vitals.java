package io.millrace.web.socket;

/** Whether a peer lives, as far as its taking and its giving shows. Only for the socket's I/O thread. */
final class Vitals {
    private boolean stalled;
    private long stalledSinceNanos;
    private int missedPings;

    /** It said something. */
    void heard() {
        missedPings = 0;
    }

    /** It has been pinged, or should have pinged by itself. */
    void pinged() {
        missedPings++;
    }

    /** It does not take all that waits, or no more of it. Returns whether that is new. */
    boolean stalled(boolean progress) {
        boolean before = stalled;
        if (progress || !stalled) {
            stalledSinceNanos = System.nanoTime();
        }
        stalled = true;
        return !before;
    }

    /** It took all. Returns whether that is new. */
    boolean taken() {
        boolean before = stalled;
        stalled = false;
        return before;
    }

    boolean isStalled() {
        return stalled;
    }

    boolean isDead(long nowNanos, MessageSocketConfig config) {
        return missedPings >= config.missedPings()
                || (stalled
                        && nowNanos - stalledSinceNanos > config.stallTimeout().toNanos());
    }
}
