package io.millrace.fleet;

import io.millrace.harness.NodeProcess;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a client connects next: each time at another node. */
final class Rotation {
    private final List<NodeProcess> nodes;
    private final String path;
    private final AtomicInteger next;

    Rotation(List<NodeProcess> nodes, int first, String path) {
        this.nodes = nodes;
        this.path = path;
        this.next = new AtomicInteger(first);
    }

    private NodeProcess node() {
        return nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
    }

    /** The next worker port. */
    URI next() {
        return node().workers(path);
    }

    /** The next gateway. */
    URI nextGateway() {
        return node().gateway(path);
    }
}
