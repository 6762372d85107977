package io.millrace.loadtest.soak;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** So many sockets that only listen, on one thread. */
final class Listeners implements AutoCloseable {
    private static final int ARRIVE_TOGETHER = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Listener.Counts counts = new Listener.Counts();
    private final ClientLoop loop;

    /**
     * Nobody yet.
     *
     * @param headers each with its line's end, that every handshake has beside those it must have
     */
    Listeners(URI gateway, String headers) {
        loop = new ClientLoop(new InetSocketAddress(gateway.getHost(), gateway.getPort()), "listeners", headers);
    }

    Listener.Counts counts() {
        return counts;
    }

    /**
     * Opens some more, and waits until each has its snapshot.
     *
     * @param groups over which they are spread
     * @param more of each join's fields, each with a comma before it
     */
    void open(int sockets, String streamName, int groups, String more) throws InterruptedException {
        long wanted = counts.begun().sum() + sockets;
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        int opened = 0;
        while (counts.begun().sum() < wanted) {
            int room = Math.min(
                    sockets - opened,
                    ARRIVE_TOGETHER - (int) (opened - counts.begun().sum() + wanted - sockets));
            for (int i = 0; i < room; i++, opened++) {
                String groupId = "g" + opened % groups;
                loop.execute(() -> {
                    var _ = new Listener(loop, streamName, groupId, more, counts);
                });
            }
            if (System.nanoTime() - endNs > 0) {
                throw new IllegalStateException(
                        "sockets with a snapshot: " + counts.begun().sum() + " (expected: " + wanted + ")");
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
