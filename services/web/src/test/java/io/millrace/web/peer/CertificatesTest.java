package io.millrace.web.peer;

import static io.millrace.web.peer.OpenNode.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.peer.Peer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that know each other by certificates. */
class CertificatesTest {
    private static final String PASSWORD = "only for tests";

    @TempDir
    Path folder;

    private PeerCertificates fresh(String name) throws IOException, InterruptedException {
        Path file = folder.resolve(name + ".p12");
        List<String> command = Stream.of(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair"),
                        List.of("-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-storetype", "PKCS12"),
                        List.of("-keystore", file.toString(), "-storepass", PASSWORD))
                .flatMap(List::stream)
                .toList();
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        return new PeerCertificates(file, PASSWORD);
    }

    private static OpenNode node(String node, PeerCertificates certificates) {
        return new OpenNode(
                OpenNode.config(node, 1, "cluster-1", Optional.of(OpenNode.SECRET), Optional.of(certificates)));
    }

    @Test
    void nodesThatTrustEachOtherTalk() throws Exception {
        PeerCertificates fleet = fresh("fleet");
        try (OpenNode a = node("a", fleet);
                OpenNode b = node("b", fleet)) {
            Peer other = a.connect(b, "b");
            byte[] large = new byte[4 << 20];
            large[5] = 5;
            List<CompletableFuture<byte[]>> asked = IntStream.range(0, 8)
                    .mapToObj(i -> other.ask("echo", large, soon()).toCompletableFuture())
                    .toList();
            asked.forEach(each -> assertThat(each.join()).isEqualTo(large));
            b.links.close();
            await().until(() -> a.seen.contains("left b"));
        }
    }

    @Test
    void aNodeThatIsNotTrustedIsNotLetIn() throws Exception {
        try (OpenNode a = node("a", fresh("stranger"));
                OpenNode plain = new OpenNode("ab");
                OpenNode b = node("b", fresh("fleet"))) {
            a.links.connect("b", b.address());
            plain.links.connect("b", b.address());
            await().until(() -> a.unreachable.get() > 1 && plain.unreachable.get() > 1);
            assertThat(b.links.links()).isZero();
        }
    }

    @Test
    void aKeystoreThatCannotBeReadKeepsTheNodeFromStarting() throws Exception {
        PeerCertificates wrong = new PeerCertificates(fresh("fleet").keystore(), "another");
        assertThatThrownBy(() -> node("a", wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fleet.p12")
                .hasMessageContaining("(expected: PKCS12 with a key and trusted certificates, and its password)");
        assertThat(wrong.toString()).doesNotContain("another");
    }
}
