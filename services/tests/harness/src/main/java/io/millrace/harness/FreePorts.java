package io.millrace.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ports for processes that are killed and come back on the same ones, so that in between nobody listens on them. They come from
 * blocks, each of which belongs to the JVM that listens on its first port until it ends: several of them test at a time.
 */
public final class FreePorts {
    /** Below the range from which the system serves outgoing connections: those would take a port meanwhile. */
    private static final int FROM = 20_000;

    private static final int BLOCKS = 120;
    private static final int BLOCK = 100;
    private static final int TRIES = 1_000;

    /** Never closed: what says that a block is ours. */
    private static final List<ServerSocket> CLAIMS = new ArrayList<>();

    private static int next;
    private static int end;

    private FreePorts() {}

    /** A port of this machine that nobody listens on, another one each time. */
    public static synchronized int one() {
        while (true) {
            if (next == end) {
                claim();
            }
            ServerSocket free = listening(next++);
            if (free != null) {
                close(free);
                return next - 1;
            }
        }
    }

    private static void claim() {
        for (int i = 0; i < TRIES; i++) {
            int first = FROM + BLOCK * ThreadLocalRandom.current().nextInt(BLOCKS);
            ServerSocket claim = listening(first);
            if (claim != null) {
                CLAIMS.add(claim);
                next = first + 1;
                end = first + BLOCK;
                return;
            }
        }
        throw new IllegalStateException("free ports: no block of them in " + TRIES + " tries");
    }

    private static @Nullable ServerSocket listening(int port) {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (java.net.BindException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
