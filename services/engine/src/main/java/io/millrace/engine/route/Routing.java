package io.millrace.engine.route;

import io.millrace.core.address.Space;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.read.Copies;
import io.millrace.engine.read.RemoteReads;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import java.util.EnumMap;
import java.util.Map;

/**
 * The way to partitions that other nodes own, and theirs to those of this one. To be made before the first peer comes and
 * before anything is assigned; {@link #changed} is to be told what this node owns.
 */
public final class Routing implements Owners.Watcher {
    private final Owners owners;
    private final Announcements announcements;
    private final Attempts attempts;
    private final Claims claims;
    private final Asking asking;
    private final Copies copies;
    private final OpenCuts cuts;

    /** Tells the peers what is served here, believes what they say, and answers what they ask. */
    public Routing(Means means) {
        this.owners = means.owners();
        Map<Space, Integer> partitions = new EnumMap<>(Space.class);
        for (Space space : Space.values()) {
            partitions.put(space, owners.partitions(space));
        }
        Peers peers = means.peers();
        this.announcements = new Announcements(owners);
        this.claims = new Claims(partitions);
        this.attempts = new Attempts(claims, means.clock(), means.events());
        this.asking = new Asking(owners, partitions, claims, attempts, means.waiting());
        this.cuts = new OpenCuts(peers, means.scheduler(), means.clock(), means.config());
        OwnCopies own = new OwnCopies(means.replicas(), means.clock());
        this.copies = new FreshestCopies(own, peers, asking, attempts, means.clock(), means.config());
        new Answering(owners, own, cuts, means.executor()).register(peers);
        peers.note(Kind.OWNED, (from, body) -> claims.told(from, Owned.read(body), attempts::overtaken));
        peers.watch(new Comings());
    }

    /** The owners at other nodes. */
    public RemoteReads remote() {
        return asking;
    }

    /** The copies, here and at other nodes. */
    public Copies copies() {
        return copies;
    }

    /** How many snapshots other nodes have not got the end of. */
    public int openCuts() {
        return cuts.count();
    }

    @Override
    public void changed(Space space, int partition) {
        announcements.changed(space, partition);
        PartitionWriter here = owners.owner(space, partition);
        if (here != null && here.servesSince() > claims.since(space, partition)) {
            attempts.overtaken(space, partition, null);
        }
    }

    private final class Comings implements Peers.Watcher {
        @Override
        public void joined(Peer peer) {
            claims.joined(peer);
            announcements.joined(peer);
        }

        @Override
        public void left(Peer peer) {
            announcements.left(peer);
            cuts.left(peer);
            claims.left(peer, attempts::overtaken);
        }
    }
}
