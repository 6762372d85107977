package io.millrace.web.peer;

import io.millrace.engine.peer.Peer;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/** Prints how much a link carries on this machine, against a bare socket that is written to and read from in a loop. */
public final class LinkThroughput {
    private static final int[] SIZES = {100, 1_000, 16_000, 1_000_000};
    private static final long BYTES_EACH = 400L << 20;
    private static final int MOST_ASKS = 400_000;
    private static final int IN_FLIGHT = 1_000;

    private LinkThroughput() {}

    /** Measures. */
    public static void main(String[] args) throws Exception {
        try (OpenNode a = new OpenNode("a");
                OpenNode b = new OpenNode("b")) {
            Peer other = a.connect(b, "b");
            pace(other, 100, 200_000);
            pings(other, 5_000);
            System.out.printf(Locale.ROOT, "one at a time: %s%n", pings(other, 20_000));
            for (int size : SIZES) {
                int count = (int) Math.min(MOST_ASKS, BYTES_EACH / size);
                double linkSeconds = pace(other, size, count);
                double bareSeconds = bare(size, count);
                System.out.printf(
                        Locale.ROOT,
                        "%,9d bytes: %,9.0f echoes/s, %,6.0f MB/s each way; bare loop %,9.0f/s; ratio %.2f%n",
                        size,
                        count / linkSeconds,
                        count * (double) size / linkSeconds / 1e6,
                        count / bareSeconds,
                        bareSeconds / linkSeconds);
            }
        }
    }

    private static double pace(Peer peer, int size, int count) throws InterruptedException {
        byte[] body = new byte[size];
        int most = (int) Math.max(2, Math.min(IN_FLIGHT, (16L << 20) / size));
        Semaphore room = new Semaphore(most);
        long beganNs = System.nanoTime();
        Instant deadline = Instant.now().plusSeconds(60);
        for (int i = 0; i < count; i++) {
            room.acquire();
            peer.ask("echo", body, deadline).whenComplete((answer, failure) -> {
                if (failure != null) {
                    throw new IllegalStateException(failure);
                }
                room.release();
            });
        }
        room.acquire(most);
        return (System.nanoTime() - beganNs) / 1e9;
    }

    private static String pings(Peer peer, int count) throws ExecutionException, InterruptedException {
        long[] tookNs = new long[count];
        for (int i = 0; i < count; i++) {
            long beganNs = System.nanoTime();
            CompletableFuture<byte[]> asked = peer.ask(
                            "echo", new byte[100], Instant.now().plusSeconds(10))
                    .toCompletableFuture();
            asked.get();
            tookNs[i] = System.nanoTime() - beganNs;
        }
        Arrays.sort(tookNs);
        return "p50 %d us, p99 %d us".formatted(tookNs[count / 2] / 1_000, tookNs[count - count / 100] / 1_000);
    }

    /** An echo over a bare socket, with blocking threads: one writes, one echoes, one reads. */
    private static double bare(int size, int count) throws IOException, InterruptedException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                Socket server = listener.accept()) {
            Thread echo = Thread.ofPlatform().start(() -> echo(server));
            long beganNs = System.nanoTime();
            Thread writer = Thread.ofPlatform().start(() -> write(client, size, count));
            DataInputStream in = new DataInputStream(client.getInputStream());
            byte[] buffer = new byte[Math.max(size, 64 << 10)];
            for (long left = (long) size * count; left > 0; ) {
                left -= in.read(buffer, 0, (int) Math.min(buffer.length, left));
            }
            writer.join();
            client.shutdownOutput();
            echo.join();
            return (System.nanoTime() - beganNs) / 1e9;
        }
    }

    private static void write(Socket client, int size, int count) {
        try {
            OutputStream out = client.getOutputStream();
            byte[] body = new byte[size];
            for (int i = 0; i < count; i++) {
                out.write(body);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void echo(Socket server) {
        try {
            server.getInputStream().transferTo(server.getOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
