package io.millrace.loadtest.soak;

/** One change of a group as its writer planned it: what every subscriber has to be told, once and in this order. */
final class Change {
    /** What becomes of the item. */
    enum Kind {
        CREATE("create"),
        UPDATE("update"),
        DELETE("delete");

        private final String frame;

        Kind(String frame) {
            this.frame = frame;
        }

        /** The type of the frame's event. */
        String frame() {
            return frame;
        }
    }

    private final int number;
    private final Kind kind;
    private final int item;
    private final int value;
    private final long state;

    private volatile long sentNs;
    private volatile long answeredNs;
    private volatile int bytes;

    /**
     * A change.
     *
     * @param number from one, within the group
     * @param value the number in the frame's data: this one's; that of the value before when it is a delete
     * @param state of the whole group after it, as {@link GroupLog} sums it up
     */
    Change(int number, Kind kind, int item, int value, long state) {
        this.number = number;
        this.kind = kind;
        this.item = item;
        this.value = value;
        this.state = state;
    }

    int number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    int item() {
        return item;
    }

    int value() {
        return value;
    }

    long state() {
        return state;
    }

    /** What a view has for the item after it: 0 is nothing. */
    int held() {
        return kind == Kind.DELETE ? 0 : value;
    }

    void sent(long nowNs) {
        if (sentNs == 0) {
            sentNs = nowNs;
        }
    }

    void answered(long nowNs) {
        answeredNs = nowNs;
    }

    long sentNs() {
        return sentNs;
    }

    /** When its writer was answered; 0 until then. */
    long answeredNs() {
        return answeredNs;
    }

    /** The checksum of its frame, which is the same for all; 0 until the first has come. */
    int bytes() {
        return bytes;
    }

    void bytes(int checksum) {
        bytes = checksum;
    }
}
