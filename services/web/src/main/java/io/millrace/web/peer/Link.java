package io.millrace.web.peer;

import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerFailedException;
import io.millrace.engine.peer.PeerLostException;
import io.millrace.engine.peer.Peers;
import io.millrace.web.socket.CloseCode;
import io.millrace.web.socket.MessageSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to another node. What comes in is taken in on its own thread, in order, so that what others do with it keeps
 * no connection from being heard; while much waits to be taken in, no more is read.
 */
final class Link implements Peer, MessageSocket.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final int MOST_ASKS = 65_536;
    private static final int MOST_KIND_CHARS = 32;
    /** Answers may take what questions leave them. */
    private static final int QUESTIONS_SHARE_PERCENT = 75;

    private static final int CONGESTED_SHARE_PERCENT = 25;

    private final MessageSocket socket;
    private final String node;
    private final long startMs;
    private final Means means;
    private final OpenAsks asks = new OpenAsks(MOST_ASKS);
    private final InOrder inbound;
    private final Replies replies;
    private final Intake intake;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile boolean closed;

    /**
     * What links have in common.
     *
     * @param threads on which what comes in is taken in; a virtual thread for each task will do
     */
    record Means(PeerLinksConfig config, Peers peers, PeerEvents events, InstantSource clock, Executor threads) {}

    Link(MessageSocket socket, Hello theirs, Means means) {
        this.socket = socket;
        this.node = theirs.node();
        this.startMs = theirs.startMs();
        this.means = means;
        this.inbound = new InOrder(means.threads());
        this.replies = new Replies(socket, means.config());
        this.intake = new Intake(socket);
    }

    /** Begins to take in what comes, after everybody knows that it is there. */
    void begin() {
        means.events().up();
        inbound.begin(() -> means.peers().joined(this));
    }

    /** Done when nobody gets anything from it any more. */
    CompletionStage<Void> gone() {
        return gone;
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
    public CompletionStage<byte[]> ask(String kind, byte[] body, Instant deadline) {
        checkKind(kind);
        if (body.length > means.config().messageBytes()) {
            return CompletableFuture.failedFuture(new PeerFailedException("question of " + body.length
                    + " bytes (expected: at most " + means.config().messageBytes() + ")"));
        }
        Duration left = Duration.between(means.clock().instant(), deadline);
        if (!left.isPositive()) {
            return unanswered("the time for a question to node " + node + " was over before it was asked");
        }
        long waitsMs = Math.min(left.toMillis() + 1, Integer.MAX_VALUE);
        OpenAsks.OpenAsk ask = asks.add(System.nanoTime(), waitsMs * 1_000_000);
        if (ask == null) {
            return unanswered("too many questions to node " + node + " are open");
        }
        means.events().asked();
        byte[] head = PeerMessage.askHead(ask.id(), (int) waitsMs, kind);
        if (!socket.trySend(share(QUESTIONS_SHARE_PERCENT), head, body)) {
            lose(asks.take(ask.id()), "too much waits for node " + node);
        } else if (closed) {
            lose(asks.take(ask.id()), lost());
        }
        return ask.reply();
    }

    private CompletionStage<byte[]> unanswered(String why) {
        means.events().unanswered();
        return CompletableFuture.failedFuture(new PeerLostException(why));
    }

    private static void checkKind(String kind) {
        if (kind.isEmpty() || kind.length() > MOST_KIND_CHARS) {
            throw new IllegalArgumentException(
                    "kind: " + kind + " (expected: 1 to " + MOST_KIND_CHARS + " ASCII characters)");
        }
    }

    @Override
    public void tell(String kind, byte[] body) {
        checkKind(kind);
        if (body.length > means.config().messageBytes()) {
            throw new IllegalArgumentException("notice of " + body.length + " bytes (expected: at most "
                    + means.config().messageBytes() + ")");
        }
        if (!socket.trySend(means.config().queueBytes(), PeerMessage.tellHead(kind), body)) {
            LOG.atWarn().addKeyValue("node", node).log("too much waits for another node: its connection is given up");
            means.events().slowReader();
            end(CloseCode.TRY_AGAIN_LATER, "too much waits");
        }
    }

    @Override
    public boolean isCongested() {
        return socket.unsentBytes() >= share(CONGESTED_SHARE_PERCENT);
    }

    private long share(int percent) {
        return means.config().queueBytes() * percent / 100;
    }

    long unsentBytes() {
        return socket.unsentBytes();
    }

    @Override
    public void message(boolean text, byte[] payload) {
        if (text) {
            return; // later versions may have something to say
        }
        PeerMessage message;
        try {
            message = PeerMessage.read(payload);
        } catch (IllegalArgumentException e) {
            means.events().violation(CloseCode.PROTOCOL_ERROR);
            end(CloseCode.PROTOCOL_ERROR, "unreadable message");
            return;
        }
        if (message != null) {
            Instant now = means.clock().instant();
            intake.entered(payload.length);
            inbound.execute(() -> {
                try {
                    take(message, now);
                } finally {
                    intake.left(payload.length);
                }
            });
        }
    }

    private void take(PeerMessage message, Instant arrived) {
        switch (message) {
            case PeerMessage.Tell(String kind, byte[] body) -> means.peers().told(this, kind, body);
            case PeerMessage.Ask ask -> asked(ask, arrived.plusMillis(ask.waitsMs()));
            case PeerMessage.Answer(long id, byte[] body) -> {
                OpenAsks.OpenAsk ask = asks.take(id);
                if (ask != null) {
                    answered(ask, false);
                    ask.reply().complete(body);
                }
            }
            case PeerMessage.Failure(long id, String why) -> {
                OpenAsks.OpenAsk ask = asks.take(id);
                if (ask != null) {
                    answered(ask, true);
                    ask.reply().completeExceptionally(new PeerFailedException(why));
                }
            }
            case PeerMessage.Dropped(long id) -> lose(asks.take(id), "the answer of node " + node + " found no room");
        }
    }

    private void asked(PeerMessage.Ask ask, Instant deadline) {
        if (closed || !means.clock().instant().isBefore(deadline)) {
            return; // nobody waits any more
        }
        means.peers()
                .asked(this, ask.kind(), ask.body(), deadline)
                .whenComplete((answer, failure) -> replies.send(ask.id(), answer, failure));
    }

    private void answered(OpenAsks.OpenAsk ask, boolean failed) {
        means.events().answered(failed, System.nanoTime() - ask.askedNanos());
    }

    private void lose(OpenAsks.@Nullable OpenAsk ask, String why) {
        if (ask != null) {
            means.events().unanswered();
            ask.reply().completeExceptionally(new PeerLostException(why));
        }
    }

    /** Gives up on questions whose time is over. */
    void sweep(long nowNanos) {
        for (OpenAsks.OpenAsk ask : asks.takeOverdue(nowNanos)) {
            inbound.execute(() -> lose(ask, "node " + node + " brought no answer in time"));
        }
    }

    /** Ends the connection, without what waits if the other side does not take it. */
    void end(int code, String why) {
        socket.close(code, why);
    }

    private String lost() {
        return "connection to node " + node + " is gone";
    }

    @Override
    public void closed() {
        closed = true;
        means.events().down();
        inbound.execute(() -> {
            try {
                means.peers().left(this);
            } finally {
                asks.takeAll().forEach(ask -> lose(ask, lost()));
                gone.complete(null);
            }
        });
    }
}
