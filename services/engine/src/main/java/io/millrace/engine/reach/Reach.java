package io.millrace.engine.reach;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonText;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.peer.Poll;
import io.millrace.engine.subscription.Serial;
import io.millrace.engine.subscription.Sharing;
import io.millrace.engine.surface.Elsewhere;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerEvents;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.engine.trigger.TriggerType.Ending;
import io.millrace.engine.trigger.Triggers;
import io.millrace.engine.worker.Workers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import tools.jackson.databind.JsonNode;

/**
 * Makes what workers at one node serve reachable through all of them. Functions of other nodes become functions of this
 * one's {@link Invoker}, their types of triggers those of its {@link Triggers}; routes and guards are bound at each node;
 * triggers and workers can be looked up and ended from everywhere. To be made before the first peer comes, and before
 * workers do.
 */
public final class Reach {
    /** What a node tells of itself: {@code {"entries":[…]}}, see {@link Entry}. */
    static final String NEWS = "reach";
    /** A call, see {@link CallText}. */
    static final String INVOKE = "invoke";
    /** A trigger is to be bound by the worker that provides its type. */
    static final String BIND = "bind";
    /** It is no more. */
    static final String UNBIND = "unbind";
    /** A trigger is to end that is not where it was looked for: its id as it is; answered with {@code true} or {@code false}. */
    static final String UNREGISTER = "unregister";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Means means;
    private final Executor turns;
    private final Stamps stamps;
    private final Announcer announcer;
    private final Mirrors mirrors;
    private final Guests guests;
    private final Presences presences = new Presences();
    private final Map<Peer, Neighbour> neighbours = new ConcurrentHashMap<>();
    private final Listings listings;
    private final SharedSubscriptions sharing;

    /**
     * What it stands on.
     *
     * @param node this one's id
     * @param executor for short tasks, never on the caller's thread
     */
    public record Means(
            String node,
            Peers peers,
            Invoker functions,
            Triggers triggers,
            Workers workers,
            InstantSource clock,
            Executor executor) {}

    /** Begins to tell others what is here, and to learn from them. */
    public Reach(Means means) {
        this.means = means;
        this.turns = new Serial(means.executor());
        this.stamps = new Stamps(means.clock());
        this.announcer = new Announcer(means.functions(), means.triggers(), turns, stamps);
        this.mirrors = new Mirrors(means.triggers());
        this.guests = new Guests(means.triggers(), turns);
        this.listings = new Listings(means, neighbours, presences);
        this.sharing = new SharedSubscriptions(means.peers(), means.clock());
        answer();
        listen();
    }

    private void answer() {
        Peers peers = means.peers();
        peers.answer(INVOKE, this::invoke);
        peers.answer(BIND, (from, body, deadline) -> guests.bind(from, body));
        peers.answer(
                UNREGISTER,
                (from, body, deadline) -> CompletableFuture.completedStage(
                        Poll.yesOrNo(means.triggers().unregister(new String(body, StandardCharsets.UTF_8)))));
        peers.note(UNBIND, guests::unbind);
        peers.note(NEWS, (from, body) -> turns.execute(() -> told(from, body)));
        peers.watch(new Peers.Watcher() {
            @Override
            public void joined(Peer peer) {
                neighbours.put(peer, new Neighbour(peer, means, mirrors, presences));
                turns.execute(() -> announcer.joined(peer));
            }

            @Override
            public void left(Peer peer) {
                turns.execute(() -> forget(peer));
            }
        });
    }

    private void listen() {
        means.triggers().onUnknown(this::unregisterElsewhere);
        means.triggers().listen(announcer);
        means.triggers().listen(new TriggerEvents() {
            @Override
            public void removed(Binding binding, Ending ending) {
                turns.execute(() -> guests.removedHere(binding));
            }

            @Override
            public void provided(TriggerType type) {
                turns.execute(() -> {
                    guests.changed(type.id());
                    mirrors.provided(type);
                });
            }

            @Override
            public void withdrawn(TriggerType type) {
                turns.execute(() -> guests.changed(type.id()));
            }
        });
        means.functions().onChange(announcer::changed);
        means.functions().ids().forEach(announcer::changed);
        means.workers().listen(announcer);
    }

    private CompletionStage<byte[]> invoke(Peer from, byte[] body, Instant deadline) {
        var outcome = means.functions().invokeHere(CallText.invocation(body, deadline));
        return outcome == null ? CompletableFuture.completedStage(CallText.NOBODY) : outcome.thenApply(CallText::of);
    }

    private void told(Peer from, byte[] body) {
        Neighbour neighbour = neighbours.get(from);
        if (neighbour == null) {
            return;
        }
        for (JsonNode entry : Json.ofTrusted(body).tree().path("entries")) {
            Entry.Kind kind = Entry.kind(entry);
            if (kind == Entry.Kind.TRIGGER) {
                takenOver(from, entry);
            }
            if (kind != null) {
                neighbour.told(kind, entry);
            }
        }
    }

    /** A trigger that has been registered again at another node is there, and not here any more. */
    private void takenOver(Peer by, JsonNode entry) {
        long stamp = entry.path("stamp").asLong(0);
        stamps.heard(stamp);
        Announcer.Registered here = announcer.registered(Entry.id(entry));
        if (here != null && !Entry.isGone(entry) && Stamps.isLater(stamp, by.node(), here.stamp(), means.node())) {
            means.triggers().giveUp(here.binding());
        }
    }

    private void forget(Peer peer) {
        announcer.left(peer);
        guests.left(peer);
        Neighbour gone = neighbours.remove(peer);
        if (gone != null) {
            gone.left();
        }
    }

    private CompletionStage<Boolean> unregisterElsewhere(String triggerId) {
        if (JsonText.loneSurrogate(triggerId) >= 0) {
            return CompletableFuture.completedStage(false);
        }
        return new Poll(means.peers())
                .ask(
                        UNREGISTER,
                        triggerId.getBytes(StandardCharsets.UTF_8),
                        means.clock().instant().plus(PATIENCE))
                .thenApply(answers -> answers.given().stream().anyMatch(Poll.Answer::isYes));
    }

    /** Tells the others that this node is about to stop: they prefer workers of others, if they can. */
    public void leaving() {
        announcer.leaving();
    }

    /** For listings: what other nodes have. */
    public Elsewhere elsewhere() {
        return listings;
    }

    /** For durable triggers: whether other nodes have the same. */
    public Sharing sharing() {
        return sharing;
    }
}
