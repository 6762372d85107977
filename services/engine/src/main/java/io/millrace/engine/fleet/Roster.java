package io.millrace.engine.fleet;

import io.millrace.core.value.Json;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.ClusterLog;
import io.millrace.engine.port.Evictions;
import io.millrace.engine.port.Scheduler;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the fleet. Each says in the cluster topic that it lives; whoever has neither said so for too long nor is
 * connected is dead. Of those who live, the one with the smallest id takes the dead out of their groups, so that nobody waits
 * for their sessions to end; and of the edges that live, the one with the smallest id does what they left undone.
 *
 * <p>To be wrong does no harm to what is stored: an owner that was taken for dead is decided upon by its fence.
 */
public final class Roster implements AutoCloseable {
    private final Means means;
    private final RosterConfig config;
    private final FleetEvents events;
    private final Map<String, Known> known = new TreeMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private Member self;
    /** When this node's own word was last seen in the topic: without it, silence there says nothing of others. */
    private long selfSeenNs;

    private boolean selfSeen;
    /** Whether it was ever seen there. */
    private boolean hasSpoken;

    private boolean replaced;
    private boolean caughtUp;
    private long lookedNs;
    private boolean closed;
    private long startedNs;
    private boolean inCharge;
    private ClusterLog.@Nullable Following following;

    /**
     * What it takes.
     *
     * @param nanos a monotonic clock
     */
    public record Means(
            ClusterLog log,
            Peers peers,
            Evictions evictions,
            Dialer dialer,
            Scheduler scheduler,
            InstantSource clock,
            LongSupplier nanos) {}

    /** Another node, and what is known of its life. */
    private static final class Known {
        private Member member;
        private long heardNs;
        private long disconnectedNs;
        private boolean dead;
        /** Whether this node takes it out of its groups, or has. */
        private boolean evicted;
        /** Whether the watchers look after it, or have. */
        private boolean cared;

        private Known(Member member, long heardNs) {
            this.member = member;
            this.heardNs = heardNs;
            this.disconnectedNs = heardNs;
        }
    }

    /** Knows nobody yet, and says nothing before {@link #start}. */
    public Roster(Member self, Means means, RosterConfig config, FleetEvents events) {
        this.self = self;
        this.means = means;
        this.config = config;
        this.events = events;
        means.peers().watch(new Peers.Watcher() {
            @Override
            public void joined(Peer peer) {
                connected(peer);
            }

            @Override
            public void left(Peer peer) {
                disconnected(peer);
            }
        });
    }

    /** Gets told what there is to be done for others. Must return at once. */
    public interface Watcher {
        /** Who is there is known: of those who may live, nobody is missing. Comes once. */
        default void known() {}

        /** From now on this node looks after the dead, also those from before it was there. Only edges do. */
        default void inCharge() {}

        /** A node has died, and this one is to do what it left undone. May come again for the same one, also elsewhere. */
        default void died(Member member) {}

        /** A node that this one was to look after is there after all, in the same life. */
        default void back(Member member) {}
    }

    /** Tells {@code watcher} from now on. */
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /** Says that this node is there, and finds the others. */
    public void start() {
        synchronized (this) {
            lookedNs = means.nanos().getAsLong();
            selfSeenNs = lookedNs;
            startedNs = lookedNs;
        }
        ClusterLog.Following begun = means.log().follow(new ClusterLog.Listener() {
            @Override
            public void told(String node, @Nullable Json record) {
                Roster.this.told(node, record);
            }

            @Override
            public void caughtUp() {
                synchronized (Roster.this) {
                    caughtUp = true;
                }
                watchers.forEach(Watcher::known);
            }
        });
        synchronized (this) {
            following = begun;
        }
        beat();
    }

    /** Says that this node is about to stop. */
    public void drain() {
        synchronized (this) {
            self = self.drained();
        }
        say();
    }

    /** All nodes that live, this one too. */
    public synchronized Collection<Member> members() {
        Map<String, Member> living = new TreeMap<>();
        living.put(self.node(), self);
        known.forEach((node, each) -> {
            if (!each.dead) {
                living.put(node, each.member);
            }
        });
        return List.copyOf(living.values());
    }

    /** Whether that life of a node may be there: it is known, and has neither ended nor died. */
    public synchronized boolean isThere(String node, long startMs) {
        Known there = known.get(node);
        return there != null && !there.dead && there.member.startMs() == startMs;
    }

    /** Whether another process has begun under this node's id after this one. */
    public synchronized boolean isReplaced() {
        return replaced;
    }

    private void beat() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        say();
        look();
        var _ = means.scheduler().after(config.heartbeat(), this::beat);
    }

    private void say() {
        Member now;
        synchronized (this) {
            now = self;
        }
        var _ = means.log()
                .append(now.node(), now.toJson(means.clock().millis()))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        events.unheard(failure);
                    }
                });
    }

    private void told(String node, @Nullable Json record) {
        Member member = record == null ? null : Member.of(node, record);
        synchronized (this) {
            if (closed) {
                return;
            }
            if (node.equals(self.node())) {
                if (member != null) {
                    selfSeen |= member.startMs() == self.startMs();
                    hasSpoken |= selfSeen;
                    // After our own word: not what an earlier life has left there.
                    replaced |= hasSpoken && member.startMs() > self.startMs();
                }
                selfSeenNs = means.nanos().getAsLong();
                return;
            }
            if (member == null) {
                gone(node);
            } else {
                heard(member);
            }
        }
    }

    private void gone(String node) {
        Known before = known.remove(node);
        means.dialer().disconnect(node);
        if (before != null && !before.dead) {
            events.left(before.member);
        }
        inCharge = false; // it may have left something undone after all: whoever is in charge is told so again
    }

    private void heard(Member member) {
        Known before = known.get(member.node());
        if (before == null || before.dead || before.member.startMs() != member.startMs()) {
            known.put(member.node(), new Known(member, means.nanos().getAsLong()));
            events.joined(member);
            if (before != null && before.cared && before.member.startMs() == member.startMs()) {
                watchers.forEach(watcher -> watcher.back(member));
            }
        } else {
            before.member = member;
            before.heardNs = means.nanos().getAsLong();
        }
        boolean moved =
                before == null || before.dead || !before.member.address().equals(member.address());
        // One of the two dials, or there would be two connections.
        if (moved && self.node().compareTo(member.node()) < 0) {
            means.dialer().connect(member.node(), member.address());
        }
    }

    private synchronized void connected(Peer peer) {
        Known there = known.get(peer.node());
        if (there != null && there.dead && there.member.startMs() == peer.startMs()) {
            boolean cared = there.cared;
            there.dead = false;
            there.cared = false;
            there.evicted = false;
            events.joined(there.member);
            if (cared) {
                watchers.forEach(watcher -> watcher.back(there.member));
            }
        }
        if (there != null) {
            there.heardNs = means.nanos().getAsLong();
        }
    }

    /** That is no sign of life: a connection to a stalled node ends because it was silent. But it may be back at once. */
    private synchronized void disconnected(Peer peer) {
        Known there = known.get(peer.node());
        if (there != null) {
            there.disconnectedNs = means.nanos().getAsLong();
        }
    }

    /** Looks who lives. */
    private synchronized void look() {
        long nowNs = means.nanos().getAsLong();
        boolean slept = nowNs - lookedNs > config.silence().toNanos() / 2;
        lookedNs = nowNs;
        if (slept) {
            // This process was stopped, or starved: what others said meanwhile is still to be read.
            known.values().forEach(each -> each.heardNs = nowNs);
            selfSeen = false;
            return;
        }
        boolean topicFlows =
                caughtUp && selfSeen && nowNs - selfSeenNs < config.silence().toNanos();
        for (Known each : known.values()) {
            boolean silent = nowNs - each.heardNs > config.silence().toNanos()
                    && nowNs - each.disconnectedNs >= config.heartbeat().toNanos();
            if (!each.dead && silent && topicFlows && means.peers().peer(each.member.node()) == null) {
                each.dead = true;
                events.died(each.member);
            }
        }
        known.values()
                .removeIf(each ->
                        each.dead && nowNs - each.heardNs > config.forget().toNanos() && forgotten(each.member));
        if (isFirst(false)) {
            known.values().stream().filter(each -> each.dead && !each.evicted).forEach(this::evict);
        }
        boolean first = self.edge()
                && isFirst(true)
                && nowNs - startedNs > config.silence().toNanos();
        if (first && !inCharge) {
            watchers.forEach(Watcher::inCharge);
        }
        inCharge = first;
        if (first) {
            known.values().stream().filter(each -> each.dead && !each.cared).forEach(this::careFor);
        }
    }

    private boolean forgotten(Member member) {
        means.dialer().disconnect(member.node());
        return true;
    }

    /** Whether of those who live and stay, or of those of them that are edges, nobody has a smaller id. */
    private boolean isFirst(boolean amongEdges) {
        return known.values().stream()
                .filter(each -> !each.dead && !each.member.draining())
                .filter(each -> !amongEdges || each.member.edge())
                .noneMatch(each -> each.member.node().compareTo(self.node()) < 0);
    }

    private void evict(Known dead) {
        dead.evicted = true;
        Member member = dead.member;
        var _ = means.evictions().evict(member.node()).whenComplete((memberships, failure) -> {
            if (failure == null) {
                events.evicted(member, memberships);
            } else {
                events.notEvicted(member, failure);
                synchronized (this) {
                    dead.evicted = false;
                }
            }
        });
    }

    private void careFor(Known dead) {
        dead.cared = true;
        watchers.forEach(watcher -> watcher.died(dead.member));
    }

    /** Says that this node is gone, and follows the others no longer. */
    @Override
    public void close() {
        ClusterLog.Following ending;
        synchronized (this) {
            closed = true;
            ending = following;
        }
        if (ending != null) {
            ending.close();
            var _ = means.log().append(self.node(), null);
        }
    }
}
