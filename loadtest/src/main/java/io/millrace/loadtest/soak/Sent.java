package io.millrace.loadtest.soak;

/** One event sent to a group: told to every subscriber, once and in the order of their numbers. */
final class Sent {
    private final int number;
    private final int after;
    private volatile boolean doubtful;
    private volatile int bytes;

    /**
     * An event.
     *
     * @param number from one, within the group
     * @param after the last change of the group that was acknowledged before it was sent
     */
    Sent(int number, int after) {
        this.number = number;
        this.after = after;
    }

    int number() {
        return number;
    }

    int after() {
        return after;
    }

    /** Whether nobody knows if it was taken. */
    boolean isDoubtful() {
        return doubtful;
    }

    void doubted() {
        doubtful = true;
    }

    /** The checksum of its frame, which is the same for all; 0 until the first has come. */
    int bytes() {
        return bytes;
    }

    void bytes(int checksum) {
        bytes = checksum;
    }
}
