package io.millrace.engine.peer;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes' {@link Peers}, connected in memory. What is said waits until the test lets it through ({@link #drain()},
 * {@link #step(String, String)}), or arrives at once ({@link #immediate()}); on the way from one node to another nothing
 * overtakes, between links the test decides. Calls may come from any thread; deliveries are made by one at a time.
 */
public final class MemoryPeers {
    private final InstantSource clock;
    private final Map<String, Peers> nodes = new LinkedHashMap<>();
    private final Map<String, Long> starts = new LinkedHashMap<>();
    private final Set<End> ends = new LinkedHashSet<>();
    private final Deque<Parcel> queue = new ArrayDeque<>();
    private final Set<Way> held = new HashSet<>();
    private final Set<Way> dropped = new HashSet<>();
    private final Set<Way> congested = new HashSet<>();
    private boolean immediate;
    private boolean delivering;

    /** Nobody is there yet. Deadlines are those of {@code clock}, looked at by {@link #expire()} only. */
    public MemoryPeers(InstantSource clock) {
        this.clock = clock;
    }

    /** What a node answers, notes and watches is to be added to this before it is connected. */
    public synchronized Peers node(String id) {
        starts.putIfAbsent(id, 1L);
        return nodes.computeIfAbsent(id, ignored -> new Peers());
    }

    /** The next life of a node: nothing of what its last one answered is left, and it is not connected. */
    public Peers restarted(String id) {
        for (String other : List.copyOf(nodes.keySet())) {
            if (!other.equals(id)) {
                cut(id, other);
            }
        }
        synchronized (this) {
            starts.merge(id, 1L, Long::sum);
            Peers next = new Peers();
            nodes.put(id, next);
            return next;
        }
    }

    /** When a node was started, as the others get to know; else lives are counted from 1 on. */
    public synchronized void started(String id, long startMs) {
        starts.put(id, startMs);
    }

    /** From now on everything arrives at once, in the order in which it was said, on the thread of whoever says it. */
    public MemoryPeers immediate() {
        synchronized (this) {
            immediate = true;
        }
        drain();
        return this;
    }

    /** Connects two nodes anew; each is told of the other before anything arrives. */
    public void heal(String one, String other) {
        cut(one, other);
        End there = new End(one, other);
        End here = new End(other, one);
        there.opposite = here;
        here.opposite = there;
        boolean mine;
        synchronized (this) {
            mine = !delivering;
            delivering = true;
            ends.add(there);
            ends.add(here);
        }
        node(one).joined(there);
        node(other).joined(here);
        synchronized (this) {
            delivering = !mine;
        }
        soon();
    }

    /** Connects every node with every other one. */
    public void healAll() {
        List<String> all = List.copyOf(nodes.keySet());
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                heal(all.get(i), all.get(j));
            }
        }
    }

    /** Ends the connection of two nodes: what is on its way is lost, what was asked fails at both sides. */
    public void cut(String one, String other) {
        List<End> gone;
        synchronized (this) {
            gone = ends.stream()
                    .filter(end -> end.is(one, other) || end.is(other, one))
                    .toList();
            gone.forEach(ends::remove);
            queue.removeIf(parcel -> gone.contains(parcel.via()));
            gone.forEach(end -> end.open = false);
        }
        gone.forEach(end -> node(end.at).left(end));
        gone.forEach(End::failAll);
    }

    /** What {@code from} says to {@code to} waits on its way, until released. */
    public synchronized void hold(String from, String to) {
        held.add(new Way(from, to));
    }

    /** Lets through what waits. */
    public void release(String from, String to) {
        synchronized (this) {
            held.remove(new Way(from, to));
        }
        soon();
    }

    /** Whether what {@code from} says to {@code to} from now on is lost without anybody noticing. */
    public synchronized void drop(String from, String to, boolean lost) {
        change(dropped, new Way(from, to), lost);
    }

    /** Whether {@code to} is congested in the eyes of {@code from}. */
    public synchronized void congest(String from, String to, boolean full) {
        change(congested, new Way(from, to), full);
    }

    private static void change(Set<Way> ways, Way way, boolean added) {
        if (added) {
            ways.add(way);
        } else {
            ways.remove(way);
        }
    }

    /** Delivers everything that is not held, and what is said meanwhile. */
    public void drain() {
        while (deliver(take(null))) {}
    }

    /** Delivers the first thing on its way from one node to another. Says whether there was one. */
    public boolean step(String from, String to) {
        return deliver(take(new Way(from, to)));
    }

    /** How many things are on their way from one node to another. */
    public synchronized int waiting(String from, String to) {
        return (int) queue.stream().filter(parcel -> parcel.via().is(from, to)).count();
    }

    /** Fails every question whose deadline has passed. */
    public void expire() {
        Instant now = clock.instant();
        List<End> all;
        synchronized (this) {
            all = List.copyOf(ends);
        }
        all.forEach(end -> end.expire(now));
    }

    private void soon() {
        boolean now;
        synchronized (this) {
            now = immediate;
        }
        if (now) {
            drain();
        }
    }

    private synchronized void send(Parcel parcel) {
        if (parcel.via().open && !dropped.contains(new Way(parcel.via().at, parcel.via().node))) {
            queue.add(parcel);
        }
    }

    /** Null if there is nothing, or somebody else is at it: they will find what this one would. */
    private synchronized @Nullable Parcel take(@Nullable Way only) {
        if (delivering) {
            return null;
        }
        for (Iterator<Parcel> all = queue.iterator(); all.hasNext(); ) {
            Parcel parcel = all.next();
            Way way = new Way(parcel.via().at, parcel.via().node);
            if (only == null ? !held.contains(way) : only.equals(way)) {
                all.remove();
                delivering = true;
                return parcel;
            }
        }
        return null;
    }

    private boolean deliver(@Nullable Parcel parcel) {
        if (parcel == null) {
            return false;
        }
        try {
            parcel.arrival().run();
        } finally {
            synchronized (this) {
                delivering = false;
            }
        }
        return true;
    }

    private record Way(String from, String to) {}

    private record Parcel(End via, Runnable arrival) {}

    /** One side of a connection: the other node as it is seen at this one. */
    private final class End implements Peer {
        private final String at;
        private final String node;
        private final long startMs;
        private final Map<Integer, Asked> asked = new LinkedHashMap<>();
        private int lastQuestion;
        private volatile boolean open = true;
        private End opposite = this;

        End(String at, String node) {
            this.at = at;
            this.node = node;
            this.startMs = starts.getOrDefault(node, 1L);
        }

        boolean is(String from, String to) {
            return at.equals(from) && node.equals(to);
        }

        @Override
        public String node() {
            return node;
        }

        @Override
        public long startMs() {
            return startMs;
        }

        @Override
        public boolean isCongested() {
            synchronized (MemoryPeers.this) {
                return congested.contains(new Way(at, node));
            }
        }

        @Override
        public void tell(String kind, byte[] body) {
            send(new Parcel(this, () -> MemoryPeers.this.node(node).told(opposite, kind, body)));
            soon();
        }

        @Override
        public CompletionStage<byte[]> ask(String kind, byte[] body, Instant deadline) {
            Asked question = new Asked(new CompletableFuture<>(), deadline);
            int id;
            synchronized (asked) {
                if (!open) {
                    return CompletableFuture.failedStage(gone());
                }
                id = ++lastQuestion;
                asked.put(id, question);
            }
            send(new Parcel(
                    this,
                    () -> MemoryPeers.this
                            .node(node)
                            .asked(opposite, kind, body, deadline)
                            .whenComplete((answer, failure) -> {
                                opposite.back(() -> answered(id, answer, failure));
                            })));
            soon();
            return question.answer();
        }

        private void back(Runnable arrival) {
            send(new Parcel(this, arrival));
            soon();
        }

        private void answered(int id, byte @Nullable [] answer, @Nullable Throwable failure) {
            Asked question;
            synchronized (asked) {
                question = asked.remove(id);
            }
            if (question == null) {
                return;
            }
            if (failure == null) {
                question.answer().complete(answer);
            } else {
                Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
                question.answer().completeExceptionally(new PeerFailedException(String.valueOf(cause.getMessage())));
            }
        }

        void expire(Instant now) {
            List<Asked> late = new ArrayList<>();
            synchronized (asked) {
                asked.values().removeIf(question -> question.deadline().isBefore(now) && late.add(question));
            }
            late.forEach(question -> question.answer()
                    .completeExceptionally(new PeerLostException("no answer of node " + node + " by the deadline")));
        }

        void failAll() {
            List<Asked> all;
            synchronized (asked) {
                all = List.copyOf(asked.values());
                asked.clear();
            }
            all.forEach(question -> question.answer().completeExceptionally(gone()));
        }

        private PeerLostException gone() {
            return new PeerLostException("connection to node " + node + " is gone");
        }
    }

    private record Asked(CompletableFuture<byte[]> answer, Instant deadline) {}
}
