package io.millrace.engine.peer;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The peers there are now, and what this node does for them. Everything that is to be answered, noted or watched is added
 * before the first peer comes. Calls may come from any thread, for one peer in order.
 */
public final class Peers {
    private final Map<String, Peer> live = new ConcurrentHashMap<>();
    private final Map<String, Question> questions = new ConcurrentHashMap<>();
    private final Map<String, Notice> notices = new ConcurrentHashMap<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    /** Something that peers may ask. */
    @FunctionalInterface
    public interface Question {
        /**
         * Answers. Must return at once.
         *
         * @param deadline when the other side stops waiting, by this node's clock
         * @return the answer; a failure is told to the other side as {@link PeerFailedException}
         */
        CompletionStage<byte[]> asked(Peer from, byte[] body, Instant deadline);
    }

    /** Something that peers may tell. */
    @FunctionalInterface
    public interface Notice {
        /** Takes it in. Must return at once. */
        void told(Peer from, byte[] body);
    }

    /** Gets told who comes and goes. Must return at once. */
    public interface Watcher {
        /** A peer is there. Nothing it asks or tells is taken in before this has returned. */
        default void joined(Peer peer) {}

        /** A peer is gone: what it said of itself does not hold any more. The next may have been there before. */
        default void left(Peer peer) {}
    }

    /** Answers questions of a kind. */
    public void answer(String kind, Question question) {
        if (questions.put(kind, question) != null) {
            throw new IllegalStateException("questions of kind " + kind + ": answered twice (expected: once)");
        }
    }

    /** Takes notices of a kind in. */
    public void note(String kind, Notice notice) {
        if (notices.put(kind, notice) != null) {
            throw new IllegalStateException("notices of kind " + kind + ": noted twice (expected: once)");
        }
    }

    /** Tells {@code watcher} who comes and goes. */
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /** The connection to a node, if there is one; the last of several. */
    public @Nullable Peer peer(String node) {
        return live.get(node);
    }

    /** All that are connected, one for each node. */
    public Collection<Peer> all() {
        return Collections.unmodifiableCollection(live.values());
    }

    /** For the connections: a peer has come. */
    public void joined(Peer peer) {
        Peer before = live.put(peer.node(), peer);
        if (before != null) {
            watchers.forEach(watcher -> watcher.left(before));
        }
        watchers.forEach(watcher -> watcher.joined(peer));
    }

    /** For the connections: a peer has gone. Harmless if another has taken its place. */
    public void left(Peer peer) {
        if (live.remove(peer.node(), peer)) {
            watchers.forEach(watcher -> watcher.left(peer));
        }
    }

    /** For the connections: a peer asks. */
    public CompletionStage<byte[]> asked(Peer from, String kind, byte[] body, Instant deadline) {
        Question question = questions.get(kind);
        if (question == null) {
            return CompletableFuture.failedStage(new PeerFailedException("nobody here answers " + kind));
        }
        try {
            return question.asked(from, body, deadline);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** For the connections: a peer tells something. Ignored if nobody here knows what to do with it. */
    public void told(Peer from, String kind, byte[] body) {
        Notice notice = notices.get(kind);
        if (notice != null) {
            notice.told(from, body);
        }
    }
}
