package io.millrace.web.fleet;

import io.millrace.engine.channel.Channels;
import io.millrace.engine.channel.Pipes;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerLostException;
import io.millrace.engine.peer.Peers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A node's channels and its links to other nodes of this process, each with a thread of its own. */
public final class Site implements AutoCloseable {
    private final String node;
    private final Peers peers = new Peers();
    private final Channels channels;
    private final Pipes pipes;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    public Site(String node) {
        this.node = node;
        this.channels = new Channels(node, UUID::randomUUID, InstantSource.system());
        this.pipes = new Pipes(channels, peers, InstantSource.system(), (delay, task) -> {
            Future<?> later = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> later.cancel(false);
        });
    }

    /** Connects two nodes; the link ends with what is returned. */
    public static AutoCloseable link(Site one, Site other) {
        Side there = new Side(other);
        Side here = new Side(one);
        there.opposite = here;
        here.opposite = there;
        one.peers.joined(there);
        other.peers.joined(here);
        return () -> {
            there.end();
            here.end();
            one.peers.left(there);
            other.peers.left(here);
        };
    }

    public Channels channels() {
        return channels;
    }

    public Pipes pipes() {
        return pipes;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** The other node as one of the two sees it. What it is told, it takes in on its own thread. */
    private static final class Side implements Peer {
        private final Site site;
        private final Set<CompletableFuture<byte[]>> asked = ConcurrentHashMap.newKeySet();
        private volatile boolean ended;
        private Side opposite = this;

        Side(Site site) {
            this.site = site;
        }

        @Override
        public String node() {
            return site.node;
        }

        @Override
        public long startMs() {
            return 1;
        }

        @Override
        public CompletionStage<byte[]> ask(String kind, byte[] body, Instant deadline) {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            asked.add(answer);
            if (ended) {
                lose(answer);
            } else {
                site.thread.execute(
                        () -> site.peers.asked(opposite, kind, body, deadline).thenAccept(answer::complete));
            }
            return answer;
        }

        @Override
        public void tell(String kind, byte[] body) {
            if (!ended) {
                site.thread.execute(() -> site.peers.told(opposite, kind, body));
            }
        }

        @Override
        public boolean isCongested() {
            return false;
        }

        private void end() {
            ended = true;
            asked.forEach(Side::lose);
        }

        private static void lose(CompletableFuture<byte[]> answer) {
            answer.completeExceptionally(new PeerLostException("link ended"));
        }
    }
}
