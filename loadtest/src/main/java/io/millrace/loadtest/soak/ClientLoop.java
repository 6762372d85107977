package io.millrace.loadtest.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** One thread that reads thousands of sockets. Everything of theirs happens on it. */
final class ClientLoop implements AutoCloseable {
    /** Enough that a busy socket is read with few calls. */
    private static final int SCRATCH_BYTES = 256 << 10;

    private final InetSocketAddress gateway;
    private final String headers;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::dueNs));
    private final Thread thread;
    private byte[] scratch = new byte[SCRATCH_BYTES];
    private volatile boolean closed;

    private record Timer(long dueNs, Runnable task) {}

    /**
     * Begins.
     *
     * @param name of its thread
     * @param headers each with its line's end, that every handshake has beside those it must have
     */
    ClientLoop(InetSocketAddress gateway, String name, String headers) {
        this.gateway = gateway;
        this.headers = headers;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    InetSocketAddress gateway() {
        return gateway;
    }

    String headers() {
        return headers;
    }

    Selector selector() {
        return selector;
    }

    /** Has the loop do something soon. From any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Has the loop do something later. Only to be called on it. */
    void after(long delayMs, Runnable task) {
        timers.add(new Timer(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs), task));
    }

    /** What all sockets are read into, with room for so many bytes. */
    byte[] scratch(int bytes) {
        if (scratch.length < bytes) {
            scratch = new byte[Math.max(bytes, scratch.length * 2)];
        }
        return scratch;
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(ClientLoop::ready, waitMs());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                long nowNs = System.nanoTime();
                for (Timer due = timers.peek(); due != null && due.dueNs() - nowNs <= 0; due = timers.peek()) {
                    timers.poll();
                    due.task().run();
                }
            }
            for (SelectionKey key : selector.keys()) {
                ((ClientSocket) key.attachment()).close(false);
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void ready(SelectionKey key) {
        ((ClientSocket) key.attachment()).ready(key);
    }

    private long waitMs() {
        Timer first = timers.peek();
        long ms = first == null ? 100 : TimeUnit.NANOSECONDS.toMillis(first.dueNs() - System.nanoTime());
        return Math.clamp(ms, 1, 100);
    }

    /** Closes all sockets. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
