package io.millrace.web.peer;

import static io.millrace.web.peer.OpenNode.soon;
import static io.millrace.web.peer.OpenNode.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.peer.Peer;
import io.millrace.engine.peer.PeerLostException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that break, freeze, fill up and are replaced. */
class TroubledLinksTest {
    private final OpenNode a = new OpenNode("a");
    private final OpenNode b = new OpenNode("b");
    private Wire wire;

    @BeforeEach
    void connect() throws IOException {
        wire = new Wire(b.links.port());
        a.links.connect("b", wire.address());
    }

    @AfterEach
    void close() throws IOException {
        wire.close();
        a.close();
        b.close();
    }

    private static byte[] answer(CompletionStage<byte[]> asked) {
        return asked.toCompletableFuture().join();
    }

    private static List<CompletableFuture<byte[]>> askMany(Peer peer, int count, int bytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> peer.ask("echo", new byte[bytes], soon()).toCompletableFuture())
                .toList();
    }

    private static void awaitAllDone(List<CompletableFuture<byte[]>> asked) {
        await().until(() -> asked.stream().allMatch(CompletableFuture::isDone));
    }

    @Test
    void noQuestionHangsWhenTheConnectionIsCutAmidThem() throws IOException {
        for (int round = 1; round <= 5; round++) {
            Peer other = a.awaitPeer("b");
            List<CompletableFuture<byte[]>> asked = new ArrayList<>(askMany(other, 2_000, 1_000));
            wire.cut();
            asked.addAll(askMany(other, 100, 10));
            awaitAllDone(asked);
            await().until(() -> !other.equals(a.peers.peer("b")));
        }
        assertThat(answer(a.awaitPeer("b").ask("echo", utf8("again"), soon())))
                .asString()
                .isEqualTo("again");
    }

    @Test
    void aFrozenPeerIsLostAndComesBack() {
        Peer other = a.awaitPeer("b");
        Peer back = b.awaitPeer("a");
        wire.freeze(true);
        CompletionStage<byte[]> there = other.ask("echo", utf8(""), soon());
        CompletionStage<byte[]> hither = back.ask("echo", utf8(""), soon());
        assertThatThrownBy(() -> answer(there)).hasCauseInstanceOf(PeerLostException.class);
        assertThatThrownBy(() -> answer(hither)).hasCauseInstanceOf(PeerLostException.class);
        wire.freeze(false);
        assertThat(answer(a.awaitPeer("b").ask("echo", utf8("thawed"), soon())))
                .asString()
                .isEqualTo("thawed");
        assertThat(a.peers.peer("b")).isNotSameAs(other);
    }

    @Test
    void questionsAFrozenPeerHasNoRoomForAreLostAtOnce() {
        Peer other = a.awaitPeer("b");
        wire.freeze(true);
        int most = (int) (OpenNode.QUEUE_BYTES >> 20);
        List<CompletableFuture<byte[]>> asked = askMany(other, most, 1 << 20);
        assertThat(other.isCongested()).isTrue();
        assertThatThrownBy(() -> answer(other.ask("echo", new byte[1 << 20], soon())))
                .hasCauseInstanceOf(PeerLostException.class)
                .hasMessageContaining("too much waits for node b");
        wire.freeze(false);
        awaitAllDone(asked);
        await().until(() -> a.links.unsentBytes() == 0);
        assertThat(a.awaitPeer("b").isCongested()).isFalse();
    }

    @Test
    void aNoticeWithoutRoomEndsTheConnection() {
        Peer other = a.awaitPeer("b");
        wire.freeze(true);
        for (int i = 0; i < 2 * (OpenNode.QUEUE_BYTES >> 20); i++) {
            other.tell("note", new byte[1 << 20]);
        }
        await().until(() -> !other.equals(a.peers.peer("b")));
    }

    @Test
    void whoDoesNotTakeInWhatComesStillCountsAsAlive() {
        Peer other = a.awaitPeer("b");
        other.tell("stuck", utf8(""));
        List<CompletableFuture<byte[]>> asked = askMany(other, 20, 1 << 20);
        int pingsBefore = wire.passedBack.get();
        await().until(() -> wire.passedBack.get() > pingsBefore + 15);
        assertThat(a.peers.peer("b")).isSameAs(other);
        assertThat(asked).noneMatch(CompletableFuture::isDone);
        b.stuck.countDown();
        awaitAllDone(asked);
        assertThat(asked).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void bothMaySendMoreThanIsTakenWithoutWaitingForOneAnother() {
        Peer there = a.awaitPeer("b");
        Peer back = b.awaitPeer("a");
        List<CompletableFuture<byte[]>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            asked.add(there.ask("echo", new byte[1 << 20], soon()).toCompletableFuture());
            asked.add(back.ask("echo", new byte[1 << 20], soon()).toCompletableFuture());
        }
        awaitAllDone(asked);
        assertThat(a.peers.peer("b")).isSameAs(there);
    }

    @Test
    void anotherLifeOfANodeReplacesTheOneBefore() {
        Peer before = b.awaitPeer("a");
        try (OpenNode later = new OpenNode(OpenNode.of("a", 2, Optional.of(OpenNode.SECRET)))) {
            later.links.connect("b", b.address());
            await().until(() -> b.awaitPeer("a").startMs() == 2);
            assertThatThrownBy(() -> answer(before.ask("echo", utf8(""), soon())))
                    .hasCauseInstanceOf(PeerLostException.class);
            assertThat(b.seen).containsExactly("joined a", "left a", "joined a");
            // The one before tries to come back, in vain.
            await().until(() -> a.refusals.get() > 0);
            assertThat(b.awaitPeer("a").startMs()).isEqualTo(2);
        }
    }

    @Test
    void aPeerThatMovedIsFoundAtItsNewAddress() throws IOException {
        a.awaitPeer("b");
        try (Wire other = new Wire(b.links.port())) {
            wire.close();
            a.links.connect("b", other.address());
            await().until(() -> other.connections.get() > 0);
            assertThat(answer(a.awaitPeer("b").ask("echo", utf8("moved"), soon())))
                    .asString()
                    .isEqualTo("moved");
        }
    }

    @Test
    void aNodeThatIsNotThereYetIsFoundWhenItComes() throws IOException {
        try (Wire nobody = new Wire(1)) {
            a.links.connect("c", nobody.address());
            await().until(() -> a.refusals.get() + a.unreachable.get() > 2);
            try (OpenNode c = new OpenNode("c")) {
                a.links.connect("c", c.address());
                assertThat(a.awaitPeer("c").node()).isEqualTo("c");
            }
        }
    }
}
