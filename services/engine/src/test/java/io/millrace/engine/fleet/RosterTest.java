package io.millrace.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.value.Json;
import io.millrace.engine.ManualTime;
import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerLostException;
import io.millrace.engine.peer.Peers;
import io.millrace.engine.port.ClusterLog;
import io.millrace.engine.port.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RosterTest {
    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Topic topic = new Topic();

    @Test
    void nodesFindEachOtherAndOnlyTheSmallerIdDials() {
        Node a = start("a");
        Node b = start("b");
        pass(Duration.ofSeconds(1));
        assertThat(a.roster.members()).extracting(Member::node).containsExactly("a", "b");
        assertThat(b.roster.members()).extracting(Member::node).containsExactly("a", "b");
        assertThat(a.dialled).containsExactly(Map.entry("b", "b:49135"));
        assertThat(b.dialled).isEmpty();
    }

    @Test
    void aSilentNodeIsEvictedByTheOneWithTheSmallestId() {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        pass(Duration.ofSeconds(1));
        c.kill();
        pass(Duration.ofSeconds(5));
        assertThat(a.evicted).containsExactly("c");
        assertThat(a.cared).containsExactly("c");
        assertThat(b.evicted).isEmpty();
        assertThat(b.roster.members()).extracting(Member::node).containsExactly("a", "b");
    }

    @Test
    void whenTheCaretakerDiesTooTheNextOneLooksAfterBoth() {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        pass(Duration.ofSeconds(1));
        c.kill();
        a.kill();
        pass(Duration.ofSeconds(5));
        assertThat(b.evicted).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void aNodeThatIsStillConnectedIsNotDeadThoughItSaysNothing() {
        Node a = start("a");
        Node b = start("b");
        pass(Duration.ofSeconds(1));
        Link link = new Link("b", b.startMs);
        a.peers.joined(link);
        b.kill();
        pass(Duration.ofSeconds(10));
        assertThat(a.evicted).isEmpty();
        a.peers.left(link);
        assertThat(a.evicted).isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(a.evicted).containsExactly("b");
    }

    @Test
    void aConnectionThatIsBackAtOnceKillsNobodyThoughItsNodeIsSilentInKafka() {
        Node a = start("a");
        Node b = start("b");
        pass(Duration.ofSeconds(1));
        Link link = new Link("b", b.startMs);
        a.peers.joined(link);
        b.kill();
        pass(Duration.ofMillis(10_500));
        a.peers.left(link);
        pass(Duration.ofMillis(800));
        a.peers.joined(link);
        pass(Duration.ofSeconds(10));
        assertThat(a.evicted).isEmpty();
    }

    @Test
    void whoDoesNotEvenSeeItsOwnWordTakesNobodyForDead() {
        Node a = start("a");
        start("b");
        pass(Duration.ofSeconds(1));
        topic.stalled = true;
        pass(Duration.ofSeconds(30));
        assertThat(a.evicted).isEmpty();
        assertThat(a.roster.members()).hasSize(2);
    }

    @Test
    void whoWakesUpAfterAMinuteFirstReadsWhatOthersSaid() {
        Node a = start("a");
        Node b = start("b");
        pass(Duration.ofSeconds(1));
        a.frozen = true;
        pass(Duration.ofMinutes(1));
        assertThat(b.evicted).containsExactly("a");
        a.frozen = false;
        pass(Duration.ofSeconds(10));
        assertThat(a.evicted).isEmpty();
        assertThat(b.cared).containsExactly("a", "not a");
        assertThat(b.roster.members()).extracting(Member::node).containsExactly("a", "b");
    }

    @Test
    void aNodeKnowsWhenAnotherProcessHasBegunUnderItsNameAndTheLaterOneDoesNotMind() {
        Node zombie = start("a");
        pass(Duration.ofSeconds(1));
        zombie.frozen = true;
        pass(Duration.ofMinutes(1));
        Node later = start("a");
        pass(Duration.ofSeconds(1));
        zombie.frozen = false;
        pass(Duration.ofSeconds(10));
        assertThat(zombie.roster.isReplaced()).isTrue();
        assertThat(later.roster.isReplaced()).isFalse();
    }

    @Test
    void aNodeThatLeavesInGoodOrderIsNotEvicted() {
        Node a = start("a");
        Node b = start("b");
        pass(Duration.ofSeconds(1));
        b.roster.drain();
        assertThat(a.roster.members()).extracting(Member::draining).containsExactly(false, true);
        b.roster.close();
        b.kill();
        pass(Duration.ofSeconds(10));
        assertThat(a.evicted).isEmpty();
        assertThat(a.roster.members()).extracting(Member::node).containsExactly("a");
    }

    @Test
    void anEvictionThatFailsIsTriedAgain() {
        Node a = start("a");
        Node b = start("b");
        pass(Duration.ofSeconds(1));
        a.failing = 2;
        b.kill();
        pass(Duration.ofSeconds(8));
        assertThat(a.evicted).containsExactly("b");
    }

    @Test
    void aNodeThatComesBackIsThereAgainAndMayDieAgain() {
        Node a = start("a");
        Node b = start("b");
        pass(Duration.ofSeconds(1));
        b.kill();
        pass(Duration.ofSeconds(5));
        Node again = start("b");
        pass(Duration.ofSeconds(5));
        assertThat(a.roster.members()).hasSize(2);
        again.kill();
        pass(Duration.ofSeconds(5));
        assertThat(a.evicted).containsExactly("b", "b");
    }

    @Test
    void storesEvictAndEdgesDoWhatTheDeadLeftUndone() {
        Node a = start("a", false);
        Node b = start("b", true);
        Node c = start("c", true);
        pass(Duration.ofSeconds(5));
        c.kill();
        pass(Duration.ofSeconds(5));
        assertThat(a.evicted).containsExactly("c");
        assertThat(a.cared).isEmpty();
        assertThat(b.evicted).isEmpty();
        assertThat(b.cared).containsExactly("c");
    }

    @Test
    void aRecordThatIsNoneOfOursIsNoNode() {
        Node a = start("a");
        topic.append("x", Json.ofTrusted("{\"start\":\"never\"}".getBytes(StandardCharsets.UTF_8)));
        assertThat(a.roster.members()).extracting(Member::node).containsExactly("a");
    }

    private Node start(String id) {
        return start(id, true);
    }

    private Node start(String id, boolean edge) {
        Node node = new Node(id, edge);
        node.roster.start();
        return node;
    }

    private void pass(Duration span) {
        time.pass(span);
    }

    private final class Node {
        private final String id;
        private final Peers peers = new Peers();
        private final Map<String, String> dialled = new LinkedHashMap<>();
        private final List<String> evicted = new ArrayList<>();
        private final List<String> cared = new ArrayList<>();
        private final long startMs = time.millis();
        private final Roster roster;
        private boolean dead;
        private boolean frozen;
        private int failing;

        Node(String id, boolean edge) {
            this.id = id;
            this.roster = new Roster(
                    new Member(id, startMs, id + ":49135", true, edge, false),
                    new Roster.Means(
                            new Line(this),
                            peers,
                            this::evict,
                            new Dialer() {
                                @Override
                                public void connect(String node, String address) {
                                    dialled.put(node, address);
                                }

                                @Override
                                public void disconnect(String node) {
                                    dialled.remove(node);
                                }
                            },
                            this::after,
                            time,
                            () -> time.millis() * 1_000_000),
                    new RosterConfig(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofHours(1)),
                    new FleetEvents() {});
            roster.watch(new Roster.Watcher() {
                @Override
                public void died(Member member) {
                    cared.add(member.node());
                }

                @Override
                public void back(Member member) {
                    cared.add("not " + member.node());
                }
            });
        }

        private Scheduler.Scheduled after(Duration delay, Runnable task) {
            return time.after(delay, () -> run(task));
        }

        private void run(Runnable task) {
            if (frozen) {
                after(Duration.ofMillis(100), task);
            } else if (!dead) {
                task.run();
            }
        }

        private CompletionStage<Integer> evict(String node) {
            if (failing-- > 0) {
                return CompletableFuture.failedStage(new IllegalStateException("no broker answers"));
            }
            evicted.add(node);
            return CompletableFuture.completedStage(1);
        }

        void kill() {
            dead = true;
            topic.listeners.remove(this);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /** One node's way to the topic. */
    private final class Line implements ClusterLog {
        private final Node node;

        Line(Node node) {
            this.node = node;
        }

        @Override
        public CompletionStage<@Nullable Void> append(String of, @Nullable Json record) {
            topic.append(of, record);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public Following follow(Listener listener) {
            topic.latest.forEach(listener::told);
            listener.caughtUp();
            topic.listeners.put(node, listener);
            return () -> topic.listeners.remove(node);
        }
    }

    private static final class Topic {
        private final Map<String, Json> latest = new LinkedHashMap<>();
        private final Map<Node, ClusterLog.Listener> listeners = new HashMap<>();
        private boolean stalled;

        void append(String node, @Nullable Json record) {
            if (stalled) {
                return;
            }
            if (record == null) {
                latest.remove(node);
            } else {
                latest.put(node, record);
            }
            List.copyOf(listeners.entrySet()).forEach(each -> {
                if (!each.getKey().frozen) {
                    each.getValue().told(node, record);
                }
            });
        }
    }

    private record Link(String node, long startMs) implements Peer {
        @Override
        public CompletionStage<byte[]> ask(String kind, byte[] body, Instant deadline) {
            return CompletableFuture.failedStage(new PeerLostException("no link"));
        }

        @Override
        public void tell(String kind, byte[] body) {}

        @Override
        public boolean isCongested() {
            return false;
        }
    }
}
