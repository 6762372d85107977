package io.millrace.engine.channel;

/** How much may be sent. */
record Credit(int items, int bytes) {
    static final Credit NONE = new Credit(0, 0);

    /**
     * What one end of a pipe gives the other at the beginning: what it must have room for, beside the channel's own. At a round
     * trip of a millisecond it carries half a gigabyte a second.
     */
    static final Credit WINDOW = new Credit(256, 512 << 10);

    Credit plus(int moreItems, int moreBytes) {
        return new Credit(items + moreItems, bytes + moreBytes);
    }

    boolean allows() {
        return items > 0 && bytes > 0;
    }

    /** Whether it is worth a message. */
    boolean isMuch() {
        return items >= WINDOW.items / 4 || bytes >= WINDOW.bytes / 4;
    }
}
