package io.millrace.engine.presence;

import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.gate.Arrival;
import io.millrace.engine.gate.Gate;
import io.millrace.engine.gate.Gatekeeper;
import io.millrace.engine.gate.Verdict;
import io.millrace.engine.gate.Visit;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to what on this node. Every subscription is written to the presence log soon after it has begun and
 * taken from it when its leave has been told, so that the leaves of those who were there when the node died can be told
 * by another one, or by itself when it is back. Calls may come from any thread.
 */
public final class Presence {
    /** Tells a node that it was thought to be dead. */
    private static final String THOUGHT_DEAD = "presence.thought-dead";

    private final PresenceConfig config;
    private final Means means;
    private final Registry registry = new Registry();
    private final Journal journal;
    private final Departed departed;
    private final Subscribers subscribers;
    private final Gate gate = new Attended();
    /** Those that are not known to know that they were thought to be dead. */
    private final Set<Life> wronged = ConcurrentHashMap.newKeySet();

    private volatile boolean stopping;

    /** Of nobody yet, at a node alone. */
    public Presence(PresenceConfig config, Means means) {
        this(config, means, new Peers(), Others.NOBODY);
    }

    /** Of nobody yet. To be made before the first peer comes. */
    public Presence(PresenceConfig config, Means means, Peers peers, Others others) {
        this.config = config;
        this.means = means;
        this.journal = new Journal(config, means, registry, this::isToBeTold);
        this.departed = new Departed(config, means, journal, others);
        this.subscribers = new Subscribers(config, means, registry, peers, others);
        peers.note(THOUGHT_DEAD, (from, body) -> journal.again());
        peers.watch(new Peers.Watcher() {
            @Override
            public void joined(Peer peer) {
                Life life = new Life(peer.node(), peer.startMs());
                if (departed.revived(life) || wronged.contains(life)) {
                    wronged.remove(life);
                    peer.tell(THOUGHT_DEAD, new byte[0]);
                }
            }
        });
    }

    private boolean isToBeTold(EntryKey key) {
        return departed.isHeld(key);
    }

    /** The same gate, where it is noted who comes and goes. */
    public Gate gate() {
        return gate;
    }

    /** {@code stream::subscribers}. */
    public LocalFunction function() {
        return subscribers.function();
    }

    /**
     * Begins to tell the leaves of those who were there when this node ended the last time, unless another node does. To be
     * called once, when it is known who else there is.
     */
    public void start() {
        // Before it reads: of two nodes that want to tell the same, one sees what the other has written.
        var _ = means.log()
                .append(
                        EntryKey.ofStart(config.node(), config.startMs()).toJson(),
                        PresenceRecord.start(config.node(), config.startMs()))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        departed.start();
                    } else {
                        means.events().unread(failure);
                        var _ = means.scheduler().after(Journal.PAUSE, this::start);
                    }
                });
    }

    /**
     * Tells the leaves of those who were subscribed at another node, which has died; and goes on with what that one has not
     * finished telling of others. To be called at one of the nodes that are there; again at another if that one dies meanwhile,
     * which is to be told of both deaths.
     *
     * @param startMs when the life of it that has ended began, in milliseconds since 1970; earlier ones have ended, too
     */
    public void nodeDied(String node, long startMs) {
        departed.died(new Life(node, startMs));
    }

    /**
     * Finds the lives of other nodes that are not there, and tell their leaves as if told of their deaths. To be called at one of
     * the nodes that are there when it has become known who they are, and whenever another is to care for that.
     */
    public void lookForGone() {
        departed.lookForGone();
    }

    /**
     * A node that was thought to have died is there after all, in the same life: its leaves are told no further. One that
     * connects is known to be there anyway, and is told to write down once more who is subscribed.
     */
    public void nodeIsThere(String node, long startMs) {
        Life life = new Life(node, startMs);
        if (departed.revived(life)) {
            wronged.add(life);
        }
    }

    /** This node has been thought to be dead, so that its entries may have been taken from the log: writes them again. */
    public void wasThoughtDead() {
        journal.again();
    }

    /** The sockets are about to be closed: leaves that cannot be told now will be by another, or when the node is back. */
    public void stopping() {
        stopping = true;
    }

    /** Completes when nobody is left to be told of a leave and everything is written. */
    public CompletionStage<@Nullable Void> settled() {
        return means.gate().quiet().thenCompose(quiet -> journal.settled());
    }

    /** How many subscriptions there are. */
    public int entries() {
        return registry.size();
    }

    /** How many leaves of the dead, and of those who left while nobody took it, have been told to nobody yet. */
    public int pending() {
        return departed.pending();
    }

    private void joined(Visit visit) {
        Entry entry = new Entry(visit, means.nowMs());
        Entry replaced = registry.put(entry);
        journal.began(entry);
        if (replaced != null) {
            journal.ended(replaced);
        }
    }

    private void left(Visit visit) {
        Entry entry = registry.remove(visit);
        CompletionStage<Gatekeeper.Told> told = means.gate().leave(visit);
        if (entry != null) {
            var _ = told.thenAccept(who -> left(entry, who));
        }
    }

    private void left(Entry entry, Gatekeeper.Told told) {
        boolean kept = !told.everybody() && (stopping || isRetried(entry, told));
        if (!kept) {
            journal.ended(entry);
        }
    }

    private boolean isRetried(Entry entry, Gatekeeper.Told told) {
        long forgetMs = means.nowMs() + config.keep().toMillis();
        return departed.retry(journal.key(entry.number()), entry.visit(), told.guards(), forgetMs);
    }

    /** The gate, with somebody who takes notes. */
    private final class Attended implements Gate {
        @Override
        public boolean asksOnArrival() {
            return means.gate().asksOnArrival();
        }

        @Override
        public CompletionStage<Verdict> arrive(Arrival arrival) {
            return means.gate().arrive(arrival);
        }

        @Override
        public boolean asksOnJoin(String streamName) {
            return means.gate().asksOnJoin(streamName);
        }

        @Override
        public CompletionStage<Verdict> join(Visit visit) {
            return means.gate().join(visit);
        }

        @Override
        public void joined(Visit visit) {
            means.gate().joined(visit);
            Presence.this.joined(visit);
        }

        @Override
        public void left(Visit visit) {
            Presence.this.left(visit);
        }
    }
}
