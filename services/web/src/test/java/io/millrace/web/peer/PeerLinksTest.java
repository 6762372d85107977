package io.millrace.web.peer;

import static io.millrace.web.peer.OpenNode.soon;
import static io.millrace.web.peer.OpenNode.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerFailedException;
import io.millrace.engine.peer.PeerLostException;
import io.millrace.engine.peer.Peers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerLinksTest {
    private final OpenNode a = new OpenNode("a");
    private final OpenNode b = new OpenNode("b");

    @AfterEach
    void close() {
        a.close();
        b.close();
    }

    private static byte[] answer(CompletionStage<byte[]> asked) {
        return asked.toCompletableFuture().join();
    }

    @Test
    void eachOfTwoNodesAsksTheOther() {
        Peer other = a.connect(b, "b");
        assertThat(answer(other.ask("echo", utf8("hello"), soon()))).asString().isEqualTo("hello");
        assertThat(answer(b.awaitPeer("a").ask("echo", utf8("hello, too"), soon())))
                .asString()
                .isEqualTo("hello, too");
        assertThat(other.node()).isEqualTo("b");
        assertThat(other.startMs()).isEqualTo(1);
    }

    @Test
    void whatIsToldComesInOrder() {
        Peer other = a.connect(b, "b");
        IntStream.range(0, 5_000).forEach(i -> other.tell("note", utf8("" + i)));
        await().until(() -> b.told.size() == 5_000);
        assertThat(b.told)
                .containsExactlyElementsOf(
                        IntStream.range(0, 5_000).mapToObj(i -> "a " + i).toList());
    }

    @Test
    void thousandsOfQuestionsAreOpenAtOnce() {
        Peer there = a.connect(b, "b");
        Peer back = b.awaitPeer("a");
        List<CompletionStage<byte[]>> asked = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            asked.add((i % 2 == 0 ? there : back).ask("echo", utf8("question " + i), soon()));
        }
        for (int i = 0; i < asked.size(); i++) {
            assertThat(answer(asked.get(i))).asString().isEqualTo("question " + i);
        }
    }

    @Test
    void largeBodiesGetThroughBothWays() {
        Peer there = a.connect(b, "b");
        Peer back = b.awaitPeer("a");
        byte[] large = new byte[OpenNode.MESSAGE_BYTES];
        large[large.length - 1] = 7;
        CompletionStage<byte[]> first = there.ask("echo", large, soon());
        CompletionStage<byte[]> second = back.ask("echo", large, soon());
        assertThat(answer(first)).isEqualTo(large);
        assertThat(answer(second)).isEqualTo(large);
    }

    @Test
    void aBodyBeyondTheBoundIsRefusedWithoutHarm() {
        Peer other = a.connect(b, "b");
        byte[] tooLarge = new byte[OpenNode.MESSAGE_BYTES + 1];
        assertThatThrownBy(() -> answer(other.ask("echo", tooLarge, soon())))
                .hasCauseInstanceOf(PeerFailedException.class)
                .hasMessageContaining("question of 16777217 bytes (expected: at most 16777216)");
        assertThatThrownBy(() -> answer(other.ask("large", utf8("" + tooLarge.length), soon())))
                .hasCauseInstanceOf(PeerFailedException.class)
                .hasMessageContaining("answer of 16777217 bytes");
        assertThatThrownBy(() -> other.tell("note", tooLarge)).isInstanceOf(IllegalArgumentException.class);
        assertThat(answer(other.ask("echo", utf8("still"), soon()))).asString().isEqualTo("still");
    }

    @Test
    void aFailureIsToldInItsWords() {
        Peer other = a.connect(b, "b");
        assertThatThrownBy(() -> answer(other.ask("wrong", utf8("that"), soon())))
                .hasCauseInstanceOf(PeerFailedException.class)
                .hasMessageContaining("no sense in that");
        assertThatThrownBy(() -> answer(other.ask("bug", utf8(""), soon())))
                .hasCauseInstanceOf(PeerFailedException.class)
                .hasMessageContaining("IllegalStateException: a bug");
        assertThatThrownBy(() -> answer(other.ask("unheard of", utf8(""), soon())))
                .hasCauseInstanceOf(PeerFailedException.class)
                .hasMessageContaining("nobody here answers unheard of");
    }

    @Test
    void aQuestionWithoutAnAnswerIsLostAtItsDeadline() {
        Peer other = a.connect(b, "b");
        assertThatThrownBy(
                        () -> answer(other.ask("never", utf8(""), Instant.now().plusMillis(150))))
                .hasCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("no answer in time");
        assertThatThrownBy(
                        () -> answer(other.ask("echo", utf8(""), Instant.now().minusMillis(1))))
                .hasCauseInstanceOf(PeerLostException.class);
        b.unanswered.forEach(late -> late.complete(utf8("late")));
        assertThat(answer(other.ask("echo", utf8("next"), soon()))).asString().isEqualTo("next");
    }

    @Test
    void allThatIsOpenIsLostWhenTheOtherGoes() {
        Peer other = a.connect(b, "b");
        List<CompletableFuture<byte[]>> asked = IntStream.range(0, 1_000)
                .mapToObj(i -> other.ask("never", utf8(""), soon()).toCompletableFuture())
                .toList();
        await().until(() -> b.unanswered.size() == 1_000);
        b.links.close();
        await().until(() -> asked.stream().allMatch(CompletableFuture::isCompletedExceptionally));
        assertThatThrownBy(() -> answer(other.ask("echo", utf8(""), soon())))
                .hasCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("connection to node b is gone");
        assertThat(a.peers.peer("b")).isNull();
        assertThat(a.seen).containsExactly("joined b", "left b");
        assertThat(b.seen).containsExactly("joined a", "left a");
    }

    @Test
    void theNodeWithTheLargerIdWaitsToBeDialed() {
        b.links.connect("a", a.address());
        Peer other = a.connect(b, "b");
        assertThat(answer(other.ask("echo", utf8("one link"), soon())))
                .asString()
                .isEqualTo("one link");
        assertThat(b.links.links()).isEqualTo(1);
        assertThat(a.refusals).hasValue(0);
    }

    @Test
    void whoIsTalkedToAsSoonAsItJoinsIsUpByThen() {
        for (int round = 0; round < 50; round++) {
            try (OpenNode c = new OpenNode("c");
                    OpenNode d = new OpenNode("d")) {
                d.peers.watch(new Peers.Watcher() {
                    @Override
                    public void joined(Peer peer) {
                        peer.tell("note", utf8("welcome"));
                    }
                });
                c.links.connect("d", d.address());
                await().until(() -> c.told.contains("d welcome"));
                assertThat(c.refusals).hasValue(0);
            }
        }
    }

    @Test
    void threeNodesAreConnectedEachWithEach() {
        try (OpenNode c = new OpenNode("c")) {
            a.connect(b, "b");
            a.connect(c, "c");
            b.connect(c, "c");
            Peer fromC = c.awaitPeer("a");
            assertThat(answer(fromC.ask("echo", utf8("from c"), soon())))
                    .asString()
                    .isEqualTo("from c");
            assertThat(a.peers.all()).hasSize(2);
            assertThat(c.peers.all()).hasSize(2);
        }
    }

    @Test
    void aNodeThatIsNotWantedAnyMoreIsDisconnected() {
        a.connect(b, "b");
        b.awaitPeer("a");
        a.links.disconnect("b");
        await().until(() -> a.seen.contains("left b") && b.seen.contains("left a"));
        a.connect(b, "b");
        await().until(() -> b.seen.size() == 3);
        assertThat(b.seen).containsExactly("joined a", "left a", "joined a");
    }
}
