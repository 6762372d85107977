package io.millrace.web.socket;

import java.nio.charset.StandardCharsets;

/** Writes complete RFC 6455 frames as a server sends them: final and unmasked. */
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
    private static final int SHORT_MOST = 125;
    private static final int SHORT_16 = 126;
    private static final int SHORT_64 = 127;
    private static final int MOST_16 = 0xffff;

    private WireFrames() {}

    /** A frame. */
    public static byte[] frame(int opcode, byte[] payload) {
        int length = payload.length;
        int head = length <= SHORT_MOST ? 2 : length <= MOST_16 ? 4 : 10;
        byte[] wire = new byte[head + length];
        wire[0] = (byte) (FINAL | opcode);
        if (head == 2) {
            wire[1] = (byte) length;
        } else if (head == 4) {
            wire[1] = SHORT_16;
            wire[2] = (byte) (length >> 8);
            wire[3] = (byte) length;
        } else {
            wire[1] = SHORT_64; // the upper four of the eight bytes stay zero
            for (int i = 0; i < 4; i++) {
                wire[9 - i] = (byte) (length >> (8 * i));
            }
        }
        System.arraycopy(payload, 0, wire, head, length);
        return wire;
    }

    /** A close frame; {@link CloseCode#NONE} for one without a code. */
    public static byte[] close(int code, String reason) {
        if (code == CloseCode.NONE) {
            return frame(CLOSE, new byte[0]);
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return frame(CLOSE, payload);
    }
}
