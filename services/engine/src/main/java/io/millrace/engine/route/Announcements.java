package io.millrace.engine.route;

import io.millrace.core.address.Space;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Tells the other nodes which partitions are served here: all when they come, then what changes. */
final class Announcements implements Peers.Watcher, Owners.Watcher {
    private final Owners owners;
    private final Map<Owned.Partition, Long> told = new LinkedHashMap<>();
    private final Set<Peer> audience = new LinkedHashSet<>();

    Announcements(Owners owners) {
        this.owners = owners;
    }

    @Override
    public synchronized void joined(Peer peer) {
        audience.add(peer);
        peer.tell(Kind.OWNED, new Owned(true, told).bytes());
    }

    @Override
    public synchronized void left(Peer peer) {
        audience.remove(peer);
    }

    /** Looks at the partition now: of two changes at a time, whichever is told last tells how it is. */
    @Override
    public synchronized void changed(Space space, int partition) {
        Owned.Partition key = new Owned.Partition(space, partition);
        PartitionWriter writer = owners.owner(space, partition);
        long since = writer == null ? -1 : writer.servesSince();
        Long before = since < 0 ? told.remove(key) : told.put(key, since);
        if (since != (before == null ? -1 : before)) {
            byte[] news = new Owned(false, Map.of(key, since)).bytes();
            audience.forEach(peer -> peer.tell(Kind.OWNED, news));
        }
    }
}
