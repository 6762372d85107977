package io.millrace.engine.route;

import io.millrace.core.value.JsonText;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.MicroClock;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.write.UnavailableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Snapshots that other nodes have got the beginning of. They end when nobody asks for more, or with who asked. */
final class OpenCuts implements Peers.Watcher {
    private static final int LOOKS = 3;

    private final Peers peers;
    private final Scheduler scheduler;
    private final MicroClock clock;
    private final RoutingConfig config;
    private final Map<Long, Open> open = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private final AtomicBoolean looking = new AtomicBoolean();

    OpenCuts(Peers peers, Scheduler scheduler, MicroClock clock, RoutingConfig config) {
        this.peers = peers;
        this.scheduler = scheduler;
        this.clock = clock;
        this.config = config;
    }

    /** The first chunk, after its head. Takes {@code items} over; may block. */
    byte[] first(Peer peer, JsonText head, Items items) {
        return new Open(peer, last.incrementAndGet(), items).chunk(head);
    }

    /** The next chunk. May block. */
    byte[] next(Peer peer, long id) {
        Open found = open.get(id);
        if (found == null || !found.peer.equals(peer)) {
            throw new UnavailableException("the rest of a snapshot has been given up");
        }
        return found.chunk(new JsonText(4_096).raw("{"));
    }

    void close(Peer peer, long id) {
        Open found = open.get(id);
        if (found != null && found.peer.equals(peer)) {
            found.close();
        }
    }

    @Override
    public void left(Peer peer) {
        List.copyOf(open.values()).stream()
                .filter(each -> each.peer.equals(peer))
                .forEach(Open::close);
    }

    int count() {
        return open.size();
    }

    private void lookLater() {
        if (looking.compareAndSet(false, true)) {
            var _ = scheduler.after(config.cutIdle().dividedBy(LOOKS), this::look);
        }
    }

    private void look() {
        looking.set(false);
        long beforeMicros = clock.micros() - config.cutIdle().toNanos() / 1_000;
        List.copyOf(open.values()).stream()
                .filter(each -> each.usedMicros < beforeMicros)
                .forEach(Open::close);
        if (!open.isEmpty()) {
            lookLater();
        }
    }

    /** One of them. Whoever asks for a chunk while another is being made waits for it. */
    private final class Open {
        private final Peer peer;
        private final long id;
        private @Nullable Items items;
        private volatile long usedMicros;

        Open(Peer peer, long id, Items items) {
            this.peer = peer;
            this.id = id;
            this.items = items;
            this.usedMicros = clock.micros();
        }

        synchronized byte[] chunk(JsonText text) {
            Items left = items;
            if (left == null) {
                throw new UnavailableException("the rest of a snapshot has been given up");
            }
            boolean more = false;
            try {
                more = write(left, text);
            } finally {
                if (!more) {
                    close();
                }
            }
            if (more) {
                usedMicros = clock.micros();
                open.put(id, this);
                // Who has gone meanwhile has left before this was there to be closed.
                if (!peer.equals(peers.peer(peer.node()))) {
                    close();
                }
                lookLater();
                text.raw(",\"more\":").number(id);
            }
            return text.raw("}").taken();
        }

        private boolean write(Items left, JsonText text) {
            int from = text.sizeBytes();
            String separator = "\"items\":[";
            boolean more = left.hasNext();
            if (!more) {
                text.raw(separator);
            }
            while (more && text.sizeBytes() - from < config.chunkBytes()) {
                left.next(text.raw(separator));
                separator = ",";
                more = left.hasNext();
            }
            text.raw("]");
            return more;
        }

        synchronized void close() {
            open.remove(id, this);
            Items left = items;
            items = null;
            if (left != null) {
                left.close();
            }
        }
    }
}
