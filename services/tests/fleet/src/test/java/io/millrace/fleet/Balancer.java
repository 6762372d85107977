package io.millrace.fleet;

import io.millrace.harness.NodeProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives callers one ready node after the other, as a load balancer does: it asks nodes now and then whether they are. */
final class Balancer implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final AtomicInteger turns = new AtomicInteger();
    private final Thread looking;
    private volatile List<NodeProcess> ready;

    /** All of these are ready now. */
    Balancer(List<NodeProcess> nodes) {
        this.ready = List.copyOf(nodes);
        this.looking = Thread.ofVirtual().start(() -> look(nodes));
    }

    private void look(List<NodeProcess> nodes) {
        try {
            while (true) {
                ready = nodes.stream().filter(NodeProcess::isReady).toList();
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next one that was ready when it was last asked. */
    NodeProcess next() {
        List<NodeProcess> now = ready;
        return now.get(Math.floorMod(turns.getAndIncrement(), now.size()));
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
