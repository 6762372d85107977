package io.millrace.web.socket;

/** Writes complete RFC 6455 frames, final ones: unmasked as a server sends them, or masked as a client does. */
public final class WireFrames {
    /** A text message. */
    public static final int TEXT = 0x1;
    /** A binary message. */
    public static final int BINARY = 0x2;
    /** The last frame. */
    public static final int CLOSE = 0x8;
    /** To be answered. */
    public static final int PING = 0x9;
    /** The answer to a ping. */
    public static final int PONG = 0xa;

    /** Beside the opcode of a message's first frame: the message is compressed. */
    static final int COMPRESSED = 0x40;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT_MOST = 125;
    private static final int SHORT_16 = 126;
    private static final int SHORT_64 = 127;
    private static final int MOST_16 = 0xffff;

    private WireFrames() {}

    /** A server's frame with the parts as its payload. */
    public static byte[] frame(int opcode, byte[]... parts) {
        return wire(opcode, false, parts, 0);
    }

    /** A client's frame. */
    static byte[] masked(int opcode, int mask, byte[]... parts) {
        return wire(opcode, true, parts, mask);
    }

    private static byte[] wire(int opcode, boolean masked, byte[][] parts, int mask) {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        int lengthEnd = length <= SHORT_MOST ? 2 : length <= MOST_16 ? 4 : 10;
        int head = masked ? lengthEnd + 4 : lengthEnd;
        byte[] wire = new byte[Math.addExact(head, length)];
        wire[0] = (byte) (FINAL | opcode);
        writeLength(wire, lengthEnd, length);
        int at = head;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, wire, at, part.length);
            at += part.length;
        }
        if (masked) {
            wire[1] |= (byte) MASKED;
            for (int i = 0; i < 4; i++) {
                wire[lengthEnd + i] = (byte) (mask >> (24 - 8 * i));
            }
            Masking.apply(wire, head, length, mask, 0);
        }
        return wire;
    }

    private static void writeLength(byte[] wire, int lengthEnd, int length) {
        if (lengthEnd == 2) {
            wire[1] = (byte) length;
        } else if (lengthEnd == 4) {
            wire[1] = SHORT_16;
            wire[2] = (byte) (length >> 8);
            wire[3] = (byte) length;
        } else {
            wire[1] = SHORT_64; // the upper four of the eight bytes stay zero
            for (int i = 0; i < 4; i++) {
                wire[9 - i] = (byte) (length >> (8 * i));
            }
        }
    }

    /** A server's close frame; {@link CloseCode#NONE} for one without a code. */
    public static byte[] close(int code, String reason) {
        return Side.SERVER.close(code, reason);
    }
}
