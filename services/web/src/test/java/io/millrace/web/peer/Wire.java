package io.millrace.web.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A wire between two nodes, which can be cut, or frozen: then it is there but nothing gets through. */
final class Wire implements AutoCloseable {
    private final ServerSocket listener;
    private final int to;
    private final Queue<Socket> ends = new ConcurrentLinkedQueue<>();
    private final Object thawed = new Object();
    private boolean frozen;
    final AtomicInteger connections = new AtomicInteger();
    /** How often something has come from the node that was dialed. */
    final AtomicInteger passedBack = new AtomicInteger();

    Wire(int to) throws IOException {
        this.to = to;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                begin(listener.accept());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void begin(Socket from) throws IOException {
        Socket onward;
        try {
            onward = new Socket(InetAddress.getLoopbackAddress(), to);
        } catch (ConnectException e) {
            from.close(); // nobody is there
            return;
        }
        connections.incrementAndGet();
        ends.add(from);
        ends.add(onward);
        Thread.startVirtualThread(() -> pass(from, onward, new AtomicInteger()));
        Thread.startVirtualThread(() -> pass(onward, from, passedBack));
    }

    private void pass(Socket from, Socket onward, AtomicInteger passed) {
        byte[] bytes = new byte[16 << 10];
        try (from;
                onward) {
            InputStream in = from.getInputStream();
            OutputStream out = onward.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                awaitThaw();
                out.write(bytes, 0, count);
                passed.incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            // Cut.
        }
    }

    private void awaitThaw() throws InterruptedException {
        synchronized (thawed) {
            while (frozen) {
                thawed.wait();
            }
        }
    }

    void freeze(boolean now) {
        synchronized (thawed) {
            frozen = now;
            thawed.notifyAll();
        }
    }

    /** Breaks all connections off. */
    void cut() throws IOException {
        while (!ends.isEmpty()) {
            try (Socket end = ends.remove()) {
                end.setSoLinger(true, 0);
            } catch (SocketException e) {
                // Gone by itself.
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        freeze(false);
        cut();
    }
}
