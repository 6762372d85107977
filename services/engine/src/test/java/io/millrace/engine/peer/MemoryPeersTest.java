package io.millrace.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What tests of the fleet rest on. */
class MemoryPeersTest {
    private final List<String> seen = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final MemoryPeers memory = new MemoryPeers(() -> now);

    MemoryPeersTest() {
        for (String node : List.of("a", "b")) {
            Peers peers = memory.node(node);
            peers.watch(new Peers.Watcher() {
                @Override
                public void joined(Peer peer) {
                    seen.add(node + " meets " + peer.node());
                    peer.tell("greeting", bytes("hello from " + node));
                }

                @Override
                public void left(Peer peer) {
                    seen.add(node + " loses " + peer.node());
                }
            });
            peers.note("greeting", (from, body) -> seen.add(node + " hears " + text(body)));
            peers.answer(
                    "echo", (from, body, deadline) -> CompletableFuture.completedStage(bytes(node + ":" + text(body))));
        }
    }

    @Test
    void nothingIsHeardBeforeBothHaveMet() {
        memory.immediate().heal("a", "b");
        assertThat(seen).containsExactly("a meets b", "b meets a", "b hears hello from a", "a hears hello from b");
    }

    @Test
    void whatIsAskedIsAnsweredWhenTheTestLetsIt() {
        memory.heal("a", "b");
        CompletableFuture<byte[]> answer = ask("x");
        assertThat(answer).isNotDone();
        memory.drain();
        assertThat(text(answer.join())).isEqualTo("b:x");
    }

    @Test
    void aCutFailsWhatIsUnderWay() {
        memory.heal("a", "b");
        CompletableFuture<byte[]> answer = ask("x");
        memory.cut("a", "b");
        assertThat(answer)
                .isCompletedExceptionally()
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(PeerLostException.class);
        assertThat(memory.node("a").peer("b")).isNull();
        assertThat(seen).endsWith("a loses b", "b loses a");
    }

    @Test
    void whatIsLostOnTheWayFailsAtItsDeadline() {
        memory.immediate().heal("a", "b");
        memory.drop("b", "a", true);
        CompletableFuture<byte[]> answer = ask("x");
        now = now.plusSeconds(1);
        memory.expire();
        assertThat(answer).isNotDone();
        now = now.plusSeconds(10);
        memory.expire();
        assertThat(answer).isCompletedExceptionally();
    }

    private CompletableFuture<byte[]> ask(String text) {
        Peer b = Objects.requireNonNull(memory.node("a").peer("b"));
        return b.ask("echo", bytes(text), now.plusSeconds(5)).toCompletableFuture();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
