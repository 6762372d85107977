package io.millrace.web.socket;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads messages that were compressed as RFC 7692 has it, each for itself. It keeps nothing from one to the next, so that
 * all sockets of a thread share one. Not thread-safe.
 */
public final class Inflation {
    private static final int SMALLEST = 256;
    /** What the sender has left out. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final Inflater inflater = new Inflater(true);

    /**
     * The message itself.
     *
     * @param length how much of {@code compressed} counts
     * @param mostBytes never is more than that made of it, however much it would be
     * @throws ProtocolException if it is longer, or damaged
     */
    byte[] message(byte[] compressed, int length, int mostBytes) throws ProtocolException {
        inflater.reset();
        inflater.setInput(compressed, 0, length);
        byte[] message = new byte[(int) Math.min(mostBytes + 1L, Math.max(SMALLEST, 4L * length))];
        int size = 0;
        boolean atTail = false;
        while (true) {
            size += inflated(message, size);
            if (size > mostBytes) {
                throw new ProtocolException(CloseCode.TOO_BIG, "message of more than " + mostBytes + " bytes");
            }
            if (size == message.length) {
                message = Arrays.copyOf(message, (int) Math.min(mostBytes + 1L, 2L * size));
            } else if (inflater.finished() && !atTail) {
                // A sender may mark a block as the last one, and others may follow.
                int rest = inflater.getRemaining();
                inflater.reset();
                inflater.setInput(compressed, length - rest, rest);
            } else if (inflater.needsInput() && !atTail) {
                atTail = true;
                inflater.setInput(TAIL);
            } else {
                return Arrays.copyOf(message, size);
            }
        }
    }

    private int inflated(byte[] target, int from) throws ProtocolException {
        try {
            return inflater.inflate(target, from, target.length - from);
        } catch (DataFormatException e) {
            throw new ProtocolException(CloseCode.NOT_UTF8, "damaged compression");
        }
    }
}
