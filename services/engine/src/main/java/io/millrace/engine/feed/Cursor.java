package io.millrace.engine.feed;

import io.millrace.engine.port.Mark;
import org.jspecify.annotations.Nullable;

/**
 * A place in a partition's log as clients keep it. To them it is opaque; its text is
 * {@code epoch.partition.changes.events.seconds}, the numbers to base 36.
 *
 * @param epoch of which topics it speaks: letters and digits
 * @param mark how far its owner has got
 * @param seconds of the Unix epoch: nothing after the mark was written before
 */
record Cursor(String epoch, int partition, Mark mark, long seconds) {
    private static final int RADIX = 36;
    private static final int PARTS = 5;
    private static final int MOST_LENGTH = 128;

    /** Reads one; null if it is none. */
    static @Nullable Cursor parse(String text) {
        String[] parts = text.length() > MOST_LENGTH ? new String[0] : text.split("\\.", -1);
        if (parts.length != PARTS) {
            return null;
        }
        try {
            // What counts from one on the wire counts from zero here, so that "none" has no sign.
            long change = number(parts[2]) - 1;
            long event = number(parts[3]) - 1;
            return new Cursor(parts[0], Math.toIntExact(number(parts[1])), new Mark(change, event), number(parts[4]));
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private static long number(String text) {
        if (text.startsWith("-") || text.startsWith("+")) {
            throw new NumberFormatException(text);
        }
        return Long.parseLong(text, RADIX);
    }

    @Override
    public String toString() {
        return epoch
                + '.'
                + Integer.toString(partition, RADIX)
                + '.'
                + Long.toString(mark.change() + 1, RADIX)
                + '.'
                + Long.toString(mark.event() + 1, RADIX)
                + '.'
                + Long.toString(seconds, RADIX);
    }
}
