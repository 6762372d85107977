package io.millrace.web.stream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A reader of server-sent events that sends exactly what it is told, and shows every byte it gets. */
final class RawEvents implements AutoCloseable {
    private static final int PATIENCE_MS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    final String head;

    private RawEvents(int port, String request, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        in = new BufferedInputStream(socket.getInputStream());
        head = until("\r\n\r\n");
    }

    /** Asks for the events of a path. */
    static RawEvents get(int port, String path, String... headers) throws IOException {
        return new RawEvents(port, request("GET", path, headers), 0);
    }

    static RawEvents request(String method, int port, String path, String... headers) throws IOException {
        return new RawEvents(port, request(method, path, headers), 0);
    }

    /** One whose kernel takes little for it. */
    static RawEvents narrow(int port, String path) throws IOException {
        return new RawEvents(port, request("GET", path), 4 << 10);
    }

    private static String request(String method, String path, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + more + "\r\n";
    }

    String status() {
        return head.lines().findFirst().orElse("").replace("HTTP/1.1 ", "");
    }

    /** The value of a header of the answer, or nothing. */
    String header(String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    /** The next event without its empty line, comments among them; what there is when the stream ends. */
    String next() throws IOException {
        String event = until("\n\n");
        return event.endsWith("\n\n") ? event.substring(0, event.length() - 2) : event;
    }

    /** The JSON of the next event that has data. */
    String nextData() throws IOException {
        for (String event = next(); !event.isEmpty(); event = next()) {
            int data = event.indexOf("data: ");
            if (data == 0 || (data > 0 && event.charAt(data - 1) == '\n')) {
                return event.substring(data + "data: ".length());
            }
        }
        throw new IOException("the stream has ended (expected: an event)");
    }

    private String until(String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] last = end.getBytes(StandardCharsets.ISO_8859_1);
        int matched = 0;
        while (matched < last.length) {
            int next;
            try {
                next = in.read();
            } catch (SocketException e) {
                next = -1;
            }
            if (next < 0) {
                break;
            }
            read.write(next);
            matched = next == last[matched] ? matched + 1 : next == last[0] ? 1 : 0;
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Breaks the connection off. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
