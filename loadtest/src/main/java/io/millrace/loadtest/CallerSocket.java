package io.millrace.loadtest;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A worker's connection with the least that can be: one call at a time, each one write and one read. */
public final class CallerSocket implements AutoCloseable {
    private static final int FINAL_TEXT = 0x81;
    private static final int FINAL_PONG = 0x8a;
    private static final int PING = 9;
    private static final int CLOSE = 8;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private CallerSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 16 << 10));
        this.out = socket.getOutputStream();
    }

    /** Connects, and reads the greeting. */
    public static CallerSocket connect(URI worker) throws IOException {
        Socket socket = new Socket(worker.getHost(), worker.getPort());
        socket.setTcpNoDelay(true);
        CallerSocket caller = new CallerSocket(socket);
        caller.out.write(("GET / HTTP/1.1\r\nHost: " + worker.getAuthority()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        caller.head();
        caller.message(); // workerregistered
        return caller;
    }

    private void head() throws IOException {
        int last = 0;
        while (last != 0x0d0a0d0a) {
            last = last << 8 | in.readUnsignedByte();
        }
    }

    /** Sends a text message in one write. */
    public void send(byte[] text) throws IOException {
        frame(FINAL_TEXT, text);
    }

    private void frame(int head, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) head);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        // A mask of zeros is one too, and costs nothing.
        out.write(frame.putInt(0).put(payload).array(), 0, frame.position());
    }

    /** Waits for the next message, which is one frame. */
    public byte[] message() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0f;
            int length = in.readUnsignedByte();
            long bytes = length == 127 ? in.readLong() : length == 126 ? in.readUnsignedShort() : length;
            byte[] payload = in.readNBytes(Math.toIntExact(bytes));
            switch (opcode) {
                case CLOSE -> throw new EOFException("closed by the node");
                case PING -> frame(FINAL_PONG, payload);
                default -> {
                    return payload;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
