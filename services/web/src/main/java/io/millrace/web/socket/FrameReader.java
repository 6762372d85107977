package io.millrace.web.socket;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sends, or a server: RFC 6455 frames, masked if a client's, in pieces of any size. Between messages it holds no buffer, within
 * one it holds no more than has arrived, rounded up, and never more than the limit. One per socket, not thread-safe.
 */
public class FrameReader {
    private static final int SMALLEST_BUFFER = 256;
    private static final int LONGEST_CONTROL = 125;
    private static final int RESERVED = 0x70;

    private final boolean masked;
    private int maxMessageBytes;
    /** Null where messages may not be compressed. */
    private final @Nullable Inflation inflation;

    /** How many bytes of the head have been read; the head is done at {@link #headBytes}. */
    private int headRead;

    private int headBytes = 2;
    /** Up to where in the head the length goes. */
    private int lengthEnd = 2;

    private int first;
    private long length;
    private int mask;

    /** How many bytes of the payload have been read. */
    private long payloadRead;

    /** The opcode of the message that is being read in fragments, 0 for none. */
    private int messageOpcode;

    private boolean compressed;

    private byte @Nullable [] message;
    private int messageBytes;
    private byte @Nullable [] control;
    private boolean closed;

    /** A reader that refuses messages of more than so many bytes. */
    public FrameReader(int maxMessageBytes) {
        this(maxMessageBytes, Side.SERVER);
    }

    /** One for the other side of {@code side}, without compression. */
    FrameReader(int maxMessageBytes, Side side) {
        this.maxMessageBytes = maxMessageBytes;
        this.inflation = null;
        this.masked = side.hearsMasked();
    }

    /**
     * A reader that refuses messages of more than so many bytes, compressed or not.
     *
     * @param inflation for messages that are compressed; null where none may be
     */
    public FrameReader(int maxMessageBytes, @Nullable Inflation inflation) {
        this.maxMessageBytes = maxMessageBytes;
        this.inflation = inflation;
        this.masked = true;
    }

    /** Refuses messages of more than so many bytes from now on. */
    void limit(int bytes) {
        maxMessageBytes = bytes;
    }

    /** Gets what has been read. The arrays are its own. */
    public interface Receiver {
        /** A whole message. */
        void message(boolean text, byte[] payload) throws ProtocolException;

        /** To be answered. */
        void ping(byte[] payload) throws ProtocolException;

        /** The answer to a ping. */
        void pong() throws ProtocolException;

        /** The last thing that comes. The code is {@link CloseCode#NONE} if there was none. */
        void close(int code);
    }

    /** Reads all of {@code in}; after a close frame or an exception the rest is ignored. */
    public void read(ByteBuffer in, Receiver receiver) throws ProtocolException {
        try {
            readFrames(in, receiver);
        } catch (ProtocolException e) {
            closed = true;
            throw e;
        }
    }

    private void readFrames(ByteBuffer in, Receiver receiver) throws ProtocolException {
        while (in.hasRemaining() && !closed) {
            if (headRead < headBytes) {
                head(in.get() & 0xff);
                if (headRead == headBytes) {
                    begin();
                }
            } else {
                payload(in);
            }
            if (headRead == headBytes && payloadRead == length) {
                end(receiver);
            }
        }
        if (closed) {
            in.position(in.limit());
        }
    }

    private void head(int b) throws ProtocolException {
        if (headRead == 0) {
            first = b;
            checkFirst();
        } else if (headRead == 1) {
            second(b);
        } else if (headRead < lengthEnd) {
            length = length << 8 | b;
            if (length < 0) {
                throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "negative frame length");
            }
        } else {
            mask = mask << 8 | b;
        }
        headRead++;
    }

    private void checkFirst() throws ProtocolException {
        boolean begins = opcode() == WireFrames.TEXT || opcode() == WireFrames.BINARY;
        int mayBeSet = inflation != null && begins ? WireFrames.COMPRESSED : 0;
        if ((first & RESERVED & ~mayBeSet) != 0) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "reserved bits set");
        }
        boolean continues = opcode() == 0;
        boolean known = continues || begins || isControl();
        if (!known || opcode() > WireFrames.PONG) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "unknown opcode " + opcode());
        }
        if (!isControl() && continues != (messageOpcode != 0)) {
            throw new ProtocolException(
                    CloseCode.PROTOCOL_ERROR, continues ? "nothing to continue" : "unfinished message");
        }
        if (isControl() && !isFinal()) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "fragmented control frame");
        }
    }

    private void second(int b) throws ProtocolException {
        if (((b & 0x80) != 0) != masked) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, masked ? "unmasked frame" : "masked frame");
        }
        int shortLength = b & 0x7f;
        if (isControl() && shortLength > LONGEST_CONTROL) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "control frame too long");
        }
        lengthEnd = shortLength == 126 ? 4 : shortLength == 127 ? 10 : 2;
        headBytes = masked ? lengthEnd + 4 : lengthEnd;
        length = lengthEnd == 2 ? shortLength : 0;
    }

    /** The head is complete. */
    private void begin() throws ProtocolException {
        boolean overlong = (lengthEnd == 4 && length <= 125) || (lengthEnd == 10 && length <= 0xffff);
        if (overlong) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "overlong frame length");
        }
        if (isControl()) {
            control = new byte[(int) length];
            return;
        }
        if (length > maxMessageBytes - messageBytes) {
            throw new ProtocolException(CloseCode.TOO_BIG, "message of more than " + maxMessageBytes + " bytes");
        }
        if (opcode() != 0) {
            messageOpcode = opcode();
            compressed = (first & WireFrames.COMPRESSED) != 0;
        }
    }

    private void payload(ByteBuffer in) {
        int count = (int) Math.min(in.remaining(), length - payloadRead);
        byte[] target;
        int at;
        if (isControl() && control != null) {
            target = control;
            at = (int) payloadRead;
        } else {
            target = room(count);
            at = messageBytes;
            messageBytes += count;
        }
        in.get(target, at, count);
        if (masked) {
            Masking.apply(target, at, count, mask, payloadRead);
        }
        payloadRead += count;
    }

    private byte[] room(int more) {
        byte[] known = message;
        int needed = messageBytes + more;
        if (known == null) {
            boolean all = isFinal() && payloadRead == 0 && more == length;
            known = new byte[all ? more : Math.min(maxMessageBytes, Math.max(needed, SMALLEST_BUFFER))];
        } else if (known.length < needed) {
            known = Arrays.copyOf(known, (int) Math.min(maxMessageBytes, Math.max(needed, known.length * 2L)));
        }
        message = known;
        return known;
    }

    private void end(Receiver receiver) throws ProtocolException {
        headRead = 0;
        headBytes = 2;
        lengthEnd = 2;
        payloadRead = 0;
        length = 0;
        mask = 0;
        if (isControl()) {
            byte[] payload = control == null ? new byte[0] : control;
            control = null;
            control(payload, receiver);
        } else if (isFinal()) {
            boolean text = messageOpcode == WireFrames.TEXT;
            byte[] payload = whole(message == null ? new byte[0] : message);
            message = null;
            messageBytes = 0;
            messageOpcode = 0;
            if (text && !Utf8.isValid(payload, 0, payload.length)) {
                throw new ProtocolException(CloseCode.NOT_UTF8, "text is not UTF-8");
            }
            receiver.message(text, payload);
        }
    }

    private byte[] whole(byte[] read) throws ProtocolException {
        Inflation known = inflation;
        if (compressed && known != null) {
            return known.message(read, messageBytes, maxMessageBytes);
        }
        return read.length == messageBytes ? read : Arrays.copyOf(read, messageBytes);
    }

    private void control(byte[] payload, Receiver receiver) throws ProtocolException {
        switch (opcode()) {
            case WireFrames.PING -> receiver.ping(payload);
            case WireFrames.PONG -> receiver.pong();
            default -> {
                closed = true;
                receiver.close(closeCode(payload));
            }
        }
    }

    private static int closeCode(byte[] payload) throws ProtocolException {
        if (payload.length == 0) {
            return CloseCode.NONE;
        }
        int code = payload.length == 1 ? 0 : (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        if (!CloseCode.mayBeSent(code)) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "close code " + code);
        }
        if (!Utf8.isValid(payload, 2, payload.length)) {
            throw new ProtocolException(CloseCode.NOT_UTF8, "close reason is not UTF-8");
        }
        return code;
    }

    private int opcode() {
        return first & 0xf;
    }

    private boolean isControl() {
        return (first & 0x8) != 0;
    }

    private boolean isFinal() {
        return (first & 0x80) != 0;
    }

    /** How much memory its buffers take now. */
    int bufferedBytes() {
        return (message == null ? 0 : message.length) + (control == null ? 0 : control.length);
    }
}
