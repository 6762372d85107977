package io.millrace.kafka;

import static io.millrace.kafka.Fixture.put;
import static io.millrace.kafka.Fixture.replayed;
import static io.millrace.kafka.Fixture.state;
import static io.millrace.kafka.Fixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.address.Space;
import io.millrace.core.change.ChangeRecord;
import io.millrace.engine.port.PartitionLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the embedded broker starts, comes back, and refuses to start. */
class EmbeddedBrokerTest {
    @TempDir
    Path folder;

    @TempDir
    Path stores;

    private static EmbeddedBroker start(Path folder) {
        return EmbeddedBroker.start(EmbeddedBrokerConfig.local(folder, 0));
    }

    private KafkaBackend connect(EmbeddedBroker broker) {
        return KafkaBackend.connect(Fixture.config(ClusterConfig.of(broker), stores, "millrace."), alarm -> {});
    }

    private List<String> readAll(EmbeddedBroker broker) {
        try (KafkaBackend backend = connect(broker);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            log.fence();
            return replayed(log, 0, 1_000, write(log, ChangeRecord.barrier()));
        }
    }

    @Test
    void whatWasCommittedSurvivesARestartOnAnotherPort() {
        String clusterId;
        try (EmbeddedBroker broker = start(folder);
                KafkaBackend backend = connect(broker);
                PartitionLog log = backend.logs().open(Space.STATE, 0)) {
            clusterId = broker.clusterId();
            log.fence();
            write(log, put(state("k"), "kept"));
        }
        try (EmbeddedBroker broker = start(folder)) {
            assertThat(broker.clusterId()).isEqualTo(clusterId);
            assertThat(readAll(broker)).containsExactly("\"kept\"", "-");
        }
    }

    @Test
    void whatWasCommittedSurvivesKillMinusNine() throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Victim.class.getName(),
                        folder.toString(),
                        stores.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = victim.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder said = new StringBuilder();
            String line = output.readLine();
            while (line != null && !line.equals(Victim.COMMITTED)) {
                said.append(line).append('\n');
                line = output.readLine();
            }
            assertThat(line).as(said.toString()).isEqualTo(Victim.COMMITTED);
        } finally {
            victim.destroyForcibly().waitFor();
        }
        try (EmbeddedBroker broker = start(folder)) {
            assertThat(readAll(broker)).containsExactly("\"kept\"", "-");
        }
    }

    /** Another process that is killed after a commit, with a transaction open. */
    static final class Victim {
        static final String COMMITTED = "committed";

        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            EmbeddedBroker broker = start(Path.of(args[0]));
            KafkaBackendConfig config = Fixture.config(ClusterConfig.of(broker), Path.of(args[1]), "millrace.");
            KafkaBackend backend = KafkaBackend.connect(config, alarm -> {});
            PartitionLog log = backend.logs().open(Space.STATE, 0);
            log.fence();
            write(log, put(state("k"), "kept"));
            log.append(List.of(put(state("k"), "open")), Fixture.NOW_MS);
            System.out.println(COMMITTED);
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedBrokerConfig config = EmbeddedBrokerConfig.local(folder, taken.getLocalPort());

            assertThatThrownBy(() -> EmbeddedBroker.start(config))
                    .isInstanceOf(RefusedStartException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("configure another");
        }
        // And nothing is left locked.
        start(folder).close();
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> start(file))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("is not a folder: remove the file or name another");
    }

    @Test
    void aFolderInUseIsRefused() {
        try (EmbeddedBroker broker = start(folder)) {
            assertThat(broker.port()).isPositive();
            assertThatThrownBy(() -> start(folder))
                    .isInstanceOf(RefusedStartException.class)
                    .hasMessageContaining("is in use by another process: stop that one");
        }
    }

    @Test
    void aFolderOfAnotherBrokerIsRefused() throws IOException {
        Files.writeString(folder.resolve("meta.properties"), "version=1\ncluster.id=abc\nnode.id=7\n");

        assertThatThrownBy(() -> start(folder))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("belongs to node 7 of another Kafka cluster");
    }

    @Test
    void aBrokenDescriptionOfTheFolderIsRefused() throws IOException {
        Files.writeString(folder.resolve("meta.properties"), "version=1\n");

        assertThatThrownBy(() -> start(folder))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("has a broken meta.properties: restore that file");
    }

    @Test
    void aFolderWithOtherFilesIsNotFormatted() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "x");

        assertThatThrownBy(() -> start(folder))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("holds files but no meta.properties");
        assertThat(folder.resolve("meta.properties")).doesNotExist();
    }
}
