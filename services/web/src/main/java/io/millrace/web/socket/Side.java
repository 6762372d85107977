package io.millrace.web.socket;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Which end of a connection is ours. What a client sends is masked, what a server sends is not. */
enum Side {
    CLIENT,
    SERVER;

    /** A complete frame with the parts as its payload. */
    byte[] frame(int opcode, byte[]... parts) {
        return switch (this) {
            case SERVER -> WireFrames.frame(opcode, parts);
            case CLIENT -> WireFrames.masked(opcode, ThreadLocalRandom.current().nextInt(), parts);
        };
    }

    /** A close frame; {@link CloseCode#NONE} for one without a code. */
    byte[] close(int code, String reason) {
        if (code == CloseCode.NONE) {
            return frame(WireFrames.CLOSE);
        }
        byte[] number = {(byte) (code >> 8), (byte) code};
        return frame(WireFrames.CLOSE, number, reason.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether what comes in is masked. */
    boolean hearsMasked() {
        return this == SERVER;
    }
}
