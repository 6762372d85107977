package io.millrace.engine.presence;

import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.gate.Arrival;
import io.millrace.engine.gate.Gate;
import io.millrace.engine.gate.Verdict;
import io.millrace.engine.gate.Visit;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to what on this node. Every subscription is written to the presence log soon after it has begun and
 * taken from it when its leave has been told, so that the leaves of those who were there when the node died can be told
 * when it is back. Calls may come from any thread.
 */
public final class Presence {
    private final PresenceConfig config;
    private final Means means;
    private final Registry registry = new Registry();
    private final Journal journal;
    private final Departed departed;
    private final Gate gate = new Attended();
    private volatile boolean stopping;

    /** Of nobody yet. */
    public Presence(PresenceConfig config, Means means) {
        this.config = config;
        this.means = means;
        this.journal = new Journal(config, means, registry);
        this.departed = new Departed(config, means, journal);
    }

    /** The same gate, where it is noted who comes and goes. */
    public Gate gate() {
        return gate;
    }

    /** {@code stream::subscribers}. */
    public LocalFunction function() {
        return new Subscribers(config, registry, means.executor()).function();
    }

    /** Begins to tell the leaves of those who were there when this node ended the last time. To be called once. */
    public void start() {
        var _ = means.log()
                .append(
                        EntryKey.ofStart(config.node(), config.startMs()).toJson(),
                        PresenceRecord.start(config.node(), config.startMs()));
        departed.start();
    }

    /** The sockets are about to be closed: leaves that cannot be told now will be when the node is back. */
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

    /** How many leaves from before this node was started have been told to nobody yet. */
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
        CompletionStage<Boolean> told = means.gate().leave(visit);
        if (entry != null) {
            var _ = told.thenAccept(everybody -> {
                if (everybody || !stopping) {
                    journal.ended(entry);
                }
            });
        }
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
