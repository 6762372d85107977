package io.millrace.web.socket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** A WebSocket client that does exactly what it is told, and no more: it answers no ping and no close by itself. */
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;
    public final List<String> head = new ArrayList<>();

    private RawClient(int port, String path, String more, byte[] first, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more + "\r\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(request.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(first);
        socket.getOutputStream().write(out.toByteArray());
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        readHead();
    }

    public static RawClient connect(int port, String path) throws IOException {
        return new RawClient(port, path, "", new byte[0], 0);
    }

    public static RawClient connect(int port, String path, String moreHeaders) throws IOException {
        return new RawClient(port, path, moreHeaders, new byte[0], 0);
    }

    /** One that does not wait for the handshake before it sends its first frame. */
    public static RawClient hasty(int port, String path, byte[] first) throws IOException {
        return new RawClient(port, path, "", first, 0);
    }

    /** One whose kernel takes little for it. */
    public static RawClient narrow(int port, String path) throws IOException {
        return new RawClient(port, path, "", new byte[0], 4 << 10);
    }

    private void readHead() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.readUnsignedByte();
            if (b == '\n') {
                if (line.isEmpty()) {
                    return;
                }
                head.add(line.toString());
                line.setLength(0);
            } else if (b != '\r') {
                line.append((char) b);
            }
        }
    }

    public String status() {
        return head.getFirst();
    }

    /** The body of an answer that is no upgrade. */
    public String body() throws IOException {
        String name = "content-length: ";
        int length = head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name))
                .mapToInt(line -> Integer.parseInt(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    public void text(String payload) throws IOException {
        frame(0x81, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a masked frame. */
    public void frame(int first, byte[] payload) throws IOException {
        raw(masked(first, payload));
    }

    public void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public static byte[] masked(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] mask = {0x12, (byte) 0xfe, 0x34, 0x56};
        out.write(first);
        if (payload.length <= 125) {
            out.write(0x80 | payload.length);
        } else if (payload.length <= 0xffff) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i & 3]);
        }
        return out.toByteArray();
    }

    /** The next frame: {@code text …}, {@code ping …}, {@code pong …} or {@code close <code> <reason>}; "gone" at the end. */
    public String next() throws IOException {
        int first;
        byte[] payload;
        try {
            first = in.readUnsignedByte();
            int length = in.readUnsignedByte();
            if (length > 127) {
                throw new IOException("masked frame from the server");
            }
            long bytes = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            payload = new byte[(int) bytes];
            in.readFully(payload);
        } catch (EOFException | SocketException e) {
            return "gone";
        }
        String text = new String(payload, StandardCharsets.UTF_8);
        return switch (first) {
            case 0x81 -> "text " + text;
            case 0xc1 -> "deflated " + inflated(payload);
            case 0x82 -> "binary " + text;
            case 0x89 -> "ping " + text;
            case 0x8a -> "pong " + text;
            case 0x88 ->
                payload.length == 0
                        ? "close"
                        : "close " + ((payload[0] & 0xff) << 8 | (payload[1] & 0xff)) + " "
                                + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
            default -> throw new IOException("frame of type " + first);
        };
    }

    /** Reads a compressed message for itself, as there is no context to take over. */
    private static String inflated(byte[] payload) throws IOException {
        byte[] whole = Arrays.copyOf(payload, payload.length + 4);
        whole[payload.length + 2] = (byte) 0xff;
        whole[payload.length + 3] = (byte) 0xff;
        InflaterInputStream inflating = new InflaterInputStream(new ByteArrayInputStream(whole), new Inflater(true));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            inflating.transferTo(text);
        } catch (EOFException e) {
            // No block is marked as the last one.
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** The next text frame's text, other frames apart. */
    public String nextText() throws IOException {
        String next = next();
        while (next.startsWith("ping ")) {
            next = next();
        }
        if (!next.startsWith("text ")) {
            throw new IOException(next + " (expected: a text frame)");
        }
        return next.substring("text ".length());
    }

    /** What is said last before the connection ends. */
    public String last() throws IOException {
        String last = "";
        for (String next = next(); !next.equals("gone"); next = next()) {
            last = next;
        }
        return last;
    }

    /** Breaks the connection off. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes without a word. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
