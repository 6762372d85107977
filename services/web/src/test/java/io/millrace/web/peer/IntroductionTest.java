package io.millrace.web.peer;

import static io.millrace.web.peer.OpenNode.soon;
import static io.millrace.web.peer.OpenNode.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.peer.Peer;
import io.millrace.web.socket.RawClient;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is let in, and who is not. */
class IntroductionTest {
    private static final Optional<String> SECRET = Optional.of(OpenNode.SECRET);
    private static final String NONCE = "00".repeat(Hello.NONCE_BYTES);

    private final OpenNode b = new OpenNode("b");

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("seeds", 20) / 2);
    }

    @AfterEach
    void close() {
        b.close();
    }

    private void isNotLetIn(PeerLinksConfig config) {
        try (OpenNode other = new OpenNode(config)) {
            other.links.connect("b", b.address());
            await().until(() -> other.refusals.get() > 1);
            assertThat(b.links.links()).isZero();
            assertThat(b.seen).isEmpty();
            assertThat(other.seen).isEmpty();
        }
    }

    @Test
    void aNodeWithAnotherSecretIsNotLetIn() {
        isNotLetIn(OpenNode.of("a", 1, Optional.of("another secret, as long")));
    }

    @Test
    void aNodeWithoutASecretIsNotLetInWhereThereIsOne() {
        isNotLetIn(OpenNode.of("a", 1, Optional.empty()));
    }

    @Test
    void aNodeOfAnotherClusterIsNotLetIn() {
        isNotLetIn(OpenNode.config("a", 1, "cluster-2", SECRET, Optional.empty()));
    }

    @Test
    void withoutASecretWhoeverComesIsLetIn() {
        try (OpenNode one = new OpenNode(OpenNode.of("one", 1, Optional.empty()));
                OpenNode two = new OpenNode(OpenNode.of("two", 1, Optional.empty()))) {
            Peer other = one.connect(two, "two");
            assertThat(other.ask("echo", utf8("open"), soon())
                            .toCompletableFuture()
                            .join())
                    .asString()
                    .isEqualTo("open");
        }
    }

    @Test
    void aNodeDoesNotConnectWithItself() throws IOException {
        b.links.connect("b", b.address());
        b.links.connect("c", b.address()); // takes itself for another one
        await().until(() -> b.refusals.get() > 2);
        assertThat(b.links.links()).isZero();
    }

    @Test
    void theAddressOfAnotherNodeIsNoticed() {
        try (OpenNode a = new OpenNode("a")) {
            a.links.connect("c", b.address());
            await().until(() -> a.refusals.get() > 1);
            assertThat(a.links.links()).isZero();
            assertThat(b.links.links()).isZero();
        }
    }

    @Test
    void aNodeOfALaterVersionIsLetInIfItStillSpeaksOurs() throws Exception {
        try (OpenNode open = new OpenNode(OpenNode.of("c", 1, Optional.empty()));
                RawClient later = RawClient.connect(open.links.port(), "/peer");
                RawClient tooLate = RawClient.connect(open.links.port(), "/peer")) {
            later.text(hello("b", 9, 1, "c"));
            assertThat(later.nextText()).contains("\"protocol\":1", "\"node\":\"c\"");
            later.text("{\"proof\":\"\",\"and\":[\"more\"]}");
            assertThat(later.nextText()).isEqualTo("{\"proof\":\"\"}");
            open.awaitPeer("b");
            tooLate.text(hello("a", 9, 2, "c"));
            assertThat(tooLate.nextText()).isEqualTo("{\"refused\":\"protocol 2 to 9 (expected: 1 to 1)\"}");
        }
    }

    @Test
    void aProofIsGoodForOneConnectionAndOneDirection() throws Exception {
        try (RawClient client = RawClient.connect(b.links.port(), "/peer")) {
            byte[] ours = utf8(hello("a", 1, 1, "b").replace("\"secret\":false", "\"secret\":true"));
            client.frame(0x81, ours);
            byte[] theirs = utf8(client.nextText());
            String proof = Proof.of(OpenNode.SECRET, true, ours, theirs);
            String acceptors = Proof.of(OpenNode.SECRET, false, ours, theirs);
            assertThat(acceptors).isNotEqualTo(proof);
            client.text("{\"proof\":\"" + acceptors + "\"}");
            assertThat(client.nextText()).contains("refused", "wrong peers.secret");
            try (RawClient again = RawClient.connect(b.links.port(), "/peer")) {
                again.frame(0x81, ours);
                assertThat(again.nextText()).contains("\"nonce\"");
                again.text("{\"proof\":\"" + proof + "\"}");
                assertThat(again.nextText()).contains("refused", "wrong peers.secret");
            }
        }
        assertThat(b.links.links()).isZero();
    }

    @Test
    void whoSaysNothingIsSentAway() throws IOException {
        try (RawClient silent = RawClient.connect(b.links.port(), "/peer")) {
            assertThat(silent.last()).isNotNull();
        }
        try (RawClient elsewhere = RawClient.connect(b.links.port(), "/")) {
            assertThat(elsewhere.status()).contains("404");
        }
    }

    @Test
    void aStrangerMayNotSayMuch() throws IOException {
        try (RawClient stranger = RawClient.connect(b.links.port(), "/peer")) {
            stranger.frame(0x82, new byte[5_000]);
            assertThat(stranger.last()).startsWith("close 1009");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void garbageHarmsNobody(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (RawClient client = RawClient.connect(b.links.port(), "/peer")) {
            byte[] valid = RawClient.masked(0x81, utf8(hello("a", 1, 1, "b")));
            for (int i = 0; i < 3; i++) {
                byte[] bytes = Arrays.copyOf(valid, valid.length);
                random.nextBytes(random.nextBoolean() ? bytes : new byte[0]);
                for (int flips = random.nextInt(8); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                client.raw(bytes);
            }
        } catch (IOException e) {
            // It may have been broken off.
        }
        try (OpenNode a = new OpenNode("a")) {
            assertThat(a.connect(b, "b")
                            .ask("echo", utf8("fine"), soon())
                            .toCompletableFuture()
                            .join())
                    .asString()
                    .isEqualTo("fine");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void garbageOfAKnownNodeEndsItsConnectionAlone(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (OpenNode open = new OpenNode(OpenNode.of("c", 1, Optional.empty()));
                OpenNode other = new OpenNode(OpenNode.of("a", 1, Optional.empty()))) {
            Peer healthy = other.connect(open, "c");
            try (RawClient client = RawClient.connect(open.links.port(), "/peer")) {
                client.text(hello("b", 1, 1, "c"));
                client.nextText();
                client.text("{\"proof\":\"\"}");
                for (int i = 0; i < 50; i++) {
                    byte[] bytes = new byte[random.nextInt(40)];
                    random.nextBytes(bytes);
                    if (bytes.length > 0 && random.nextBoolean()) {
                        bytes[0] = (byte) random.nextInt(7);
                    }
                    client.frame(0x82, bytes);
                }
            } catch (IOException e) {
                // It may have been broken off.
            }
            await().until(() -> open.peers.peer("b") == null);
            assertThat(healthy.ask("echo", utf8("fine"), soon())
                            .toCompletableFuture()
                            .join())
                    .asString()
                    .isEqualTo("fine");
        }
    }

    private static String hello(String node, int protocol, int oldest, String to) {
        return "{\"protocol\":" + protocol + ",\"oldest\":" + oldest + ",\"node\":\"" + node
                + "\",\"start\":1,\"cluster\":\"cluster-1\",\"to\":\"" + to + "\",\"secret\":false,\"nonce\":\"" + NONCE
                + "\",\"later\":{\"versions\":\"know more\"}}";
    }
}
