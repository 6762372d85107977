package io.millrace.integration;

import io.millrace.harness.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a port, which can be cut and mended: connections made meanwhile are refused. */
final class CuttableLink implements AutoCloseable {
    private final int port = FreePorts.one();
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private ServerSocket door;

    CuttableLink(int target) {
        this.target = target;
        this.door = opened();
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + port);
    }

    /** Ends all connections and takes no more. */
    void cut() {
        quietly(door::close);
        open.forEach(socket -> quietly(socket::close));
    }

    /** Takes connections again. */
    void mend() {
        door = opened();
    }

    private ServerSocket opened() {
        try {
            ServerSocket socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().name("link").start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket near = socket.accept();
                Thread.ofVirtual().start(() -> connect(near, socket));
            }
        } catch (IOException e) {
            // cut
        }
    }

    private void connect(Socket near, ServerSocket door) {
        open.add(near);
        try (near;
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(far);
            if (door.isClosed()) {
                return; // cut meanwhile, perhaps before these two could be seen
            }
            Thread back = Thread.ofVirtual().start(() -> pass(far, near));
            pass(near, far);
            back.join();
            open.remove(far);
        } catch (IOException e) {
            // Nobody is there.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(near);
        }
    }

    /** Passes on what one side says, until either has ended. */
    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of them has ended, or the link is cut.
        }
    }

    private static void quietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        cut();
    }

    @FunctionalInterface
    private interface Closing {
        void close() throws IOException;
    }
}
