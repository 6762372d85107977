package io.millrace.loadtest.soak;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A WebSocket with the least that can be: no object for a frame, and no bytes of its own between whole frames. */
final class ClientSocket {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8a;
    private static final byte[] NOTHING = new byte[0];
    private static final int READ_BYTES = 128 << 10;

    /** Who is told what comes. */
    interface Owner {
        /** The handshake is done. */
        void opened();

        /** A text message. The bytes are the loop's, and good until this returns. */
        void message(byte[] bytes, int offset, int length, long nowNs);

        /** It has ended, or never began; not told when we closed it. */
        void ended(String why);
    }

    private final ClientLoop loop;
    private final Owner owner;
    private final SocketChannel channel;
    private final String path;
    private final SelectionKey key;
    private boolean upgraded;
    private boolean closed;
    private int mostRead = READ_BYTES;
    private byte[] rest = NOTHING;

    private ClientSocket(ClientLoop loop, Owner owner, SocketChannel channel, String path) throws IOException {
        this.loop = loop;
        this.owner = owner;
        this.channel = channel;
        this.path = path;
        this.key = channel.register(loop.selector(), SelectionKey.OP_CONNECT, this);
    }

    /**
     * Begins to connect. Only to be called on the loop.
     *
     * @param receiveBytes how much the system takes for a reader that does not read; 0 for its default
     */
    static ClientSocket connect(ClientLoop loop, String path, int receiveBytes, Owner owner) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (receiveBytes > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBytes);
            }
            ClientSocket socket = new ClientSocket(loop, owner, channel, path);
            if (channel.connect(loop.gateway())) {
                socket.connected();
            }
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void ready(SelectionKey ready) {
        try {
            if (ready.isConnectable() && channel.finishConnect()) {
                connected();
            } else if (ready.isReadable()) {
                read();
            }
        } catch (IOException e) {
            end(e.toString());
        }
    }

    private void connected() throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: millrace\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + loop.headers() + "\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
    }

    /** Reads whatever comes, or nothing any more. */
    void reading(boolean reads) {
        mostRead = READ_BYTES;
        if (!closed) {
            key.interestOps(reads ? SelectionKey.OP_READ : 0);
        }
    }

    /** Reads a little, if there is anything. */
    void trickle(int bytes) {
        mostRead = bytes;
        try {
            read();
        } catch (IOException e) {
            end(e.toString());
        }
    }

    private void read() throws IOException {
        byte[] scratch = loop.scratch(rest.length + mostRead);
        System.arraycopy(rest, 0, scratch, 0, rest.length);
        int count = channel.read(ByteBuffer.wrap(scratch, rest.length, mostRead));
        if (count < 0) {
            throw new EOFException("connection ended");
        }
        int end = rest.length + count;
        int done = upgraded ? 0 : head(scratch, end);
        if (upgraded) {
            done = frames(scratch, done, end);
        }
        rest = done == end ? NOTHING : Arrays.copyOfRange(scratch, done, end);
    }

    private int head(byte[] bytes, int end) throws IOException {
        for (int at = 3; at < end; at++) {
            if (bytes[at] == '\n' && bytes[at - 1] == '\r' && bytes[at - 2] == '\n') {
                String status = new String(bytes, 0, Math.min(end, 12), StandardCharsets.US_ASCII);
                if (!status.endsWith(" 101")) {
                    throw new ProtocolException("handshake: " + status + " (expected: 101)");
                }
                upgraded = true;
                owner.opened();
                return at + 1;
            }
        }
        return 0;
    }

    private int frames(byte[] bytes, int from, int end) throws IOException {
        long nowNs = System.nanoTime();
        int at = from;
        while (end - at >= 2 && !closed) {
            int head = bytes[at] & 0xff;
            int length = bytes[at + 1] & 0x7f;
            int headBytes = length < 126 ? 2 : length == 126 ? 4 : 10;
            if (end - at < headBytes) {
                break;
            }
            if (headBytes > 2) {
                ByteBuffer extended = ByteBuffer.wrap(bytes, at + 2, headBytes - 2);
                length = headBytes == 4 ? extended.getShort() & 0xffff : Math.toIntExact(extended.getLong());
            }
            if (end - at - headBytes < length) {
                break;
            }
            frame(head, bytes, at + headBytes, length, nowNs);
            at += headBytes + length;
        }
        return closed ? end : at;
    }

    private void frame(int head, byte[] bytes, int offset, int length, long nowNs) throws IOException {
        switch (head) {
            case TEXT -> owner.message(bytes, offset, length, nowNs);
            case PING -> send(PONG, bytes, offset, length);
            case PONG -> {}
            case CLOSE -> throw new EOFException("closed by the node: " + closeCode(bytes, offset, length));
            default -> throw new ProtocolException("frame: " + Integer.toHexString(head) + " (expected: a whole one)");
        }
    }

    private static String closeCode(byte[] bytes, int offset, int length) {
        return length < 2
                ? "no code"
                : (((bytes[offset] & 0xff) << 8) | (bytes[offset + 1] & 0xff))
                        + " "
                        + new String(bytes, offset + 2, length - 2, StandardCharsets.UTF_8);
    }

    /** Sends a text message, which must be short. */
    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(TEXT, bytes, 0, bytes.length);
    }

    private void send(int head, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(length + 8).put((byte) head);
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        }
        // A mask of zeros is one too, and costs nothing.
        write(frame.putInt(0).put(bytes, offset, length).flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException("unsent: " + bytes.remaining() + " bytes (expected: room for what little we say)");
        }
    }

    private void end(String why) {
        if (!closed) {
            close(false);
            owner.ended(why);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes it without a word, as a lost connection; the other side sees a reset or an end. */
    void close(boolean reset) {
        closed = true;
        try {
            if (reset) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            channel.close();
        } catch (IOException e) {
            // It is gone already, which is what we want.
        }
    }
}
