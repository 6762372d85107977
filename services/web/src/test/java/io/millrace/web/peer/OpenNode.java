package io.millrace.web.peer;

import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerFailedException;
import io.millrace.engine.peer.Peers;
import io.millrace.web.listen.Bind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** A node that echoes, notes and counts, and whose connections are impatient. */
final class OpenNode implements PeerEvents, AutoCloseable {
    static final String SECRET = "a secret of this fleet";
    static final int MESSAGE_BYTES = 16 << 20;
    static final long QUEUE_BYTES = 64 << 20;

    final Peers peers = new Peers();
    final Queue<String> told = new ConcurrentLinkedQueue<>();
    final Queue<String> seen = new ConcurrentLinkedQueue<>();
    final Queue<CompletableFuture<byte[]>> unanswered = new ConcurrentLinkedQueue<>();
    final AtomicInteger refusals = new AtomicInteger();
    final AtomicInteger unreachable = new AtomicInteger();
    final CountDownLatch stuck = new CountDownLatch(1);
    final PeerLinks links;

    OpenNode(String node) {
        this(of(node, 1, Optional.of(SECRET)));
    }

    OpenNode(PeerLinksConfig config) {
        peers.answer("echo", (from, body, deadline) -> CompletableFuture.completedStage(body));
        peers.answer("never", (from, body, deadline) -> {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            unanswered.add(answer);
            return answer;
        });
        peers.answer(
                "wrong",
                (from, body, deadline) -> CompletableFuture.failedStage(
                        new PeerFailedException("no sense in " + new String(body, StandardCharsets.UTF_8))));
        peers.answer("bug", (from, body, deadline) -> {
            throw new IllegalStateException("a bug");
        });
        peers.answer(
                "large",
                (from, body, deadline) -> CompletableFuture.completedStage(
                        new byte[Integer.parseInt(new String(body, StandardCharsets.UTF_8))]));
        peers.note("note", (from, body) -> told.add(from.node() + " " + new String(body, StandardCharsets.UTF_8)));
        peers.note("stuck", (from, body) -> await(stuck));
        peers.watch(new Peers.Watcher() {
            @Override
            public void joined(Peer peer) {
                seen.add("joined " + peer.node());
            }

            @Override
            public void left(Peer peer) {
                seen.add("left " + peer.node());
            }
        });
        links = PeerLinks.open(config, peers, this);
    }

    static PeerLinksConfig of(String node, long startMs, Optional<String> secret) {
        return config(node, startMs, "cluster-1", secret, Optional.empty());
    }

    static PeerLinksConfig config(
            String node, long startMs, String cluster, Optional<String> secret, Optional<PeerCertificates> tls) {
        return new PeerLinksConfig(
                node,
                startMs,
                cluster,
                new Bind("127.0.0.1", 0, "peers.port"),
                2,
                secret,
                tls,
                Duration.ofMillis(100),
                Duration.ofMillis(1_500),
                QUEUE_BYTES,
                MESSAGE_BYTES);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String address() {
        return "127.0.0.1:" + links.port();
    }

    /** Connects, waits until it is, and gives the other. */
    Peer connect(OpenNode other, String node) {
        links.connect(node, other.address());
        return awaitPeer(node);
    }

    Peer awaitPeer(String node) {
        return Awaitility.await().until(() -> peers.peer(node), peer -> peer != null);
    }

    static Instant soon() {
        return Instant.now().plusSeconds(30);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void refused() {
        refusals.incrementAndGet();
    }

    @Override
    public void unreachable() {
        unreachable.incrementAndGet();
    }

    @Override
    public void close() {
        stuck.countDown();
        links.close();
    }
}
