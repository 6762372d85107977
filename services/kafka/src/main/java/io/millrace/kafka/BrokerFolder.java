package io.millrace.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/** The embedded broker's folder: formatted on first use, recognised ever after. */
final class BrokerFolder {
    /** The id of the one broker and controller; it stands in the folder, so it never changes. */
    static final int NODE_ID = 1;

    static final String CONTROLLER = "CONTROLLER";

    private static final String META = "meta.properties";

    private BrokerFolder() {}

    /**
     * Makes the folder ready for a broker. The caller has locked it.
     *
     * @throws RefusedStartException if what is in it is not ours
     */
    static void prepare(Path folder) {
        try {
            Path meta = folder.resolve(META);
            if (Files.exists(meta)) {
                verify(folder, meta);
            } else {
                refuseForeign(folder);
                format(folder);
            }
        } catch (IOException e) {
            throw new RefusedStartException(
                    "broker folder " + folder + " cannot be read (" + e.getMessage() + "): repair it or name another",
                    e);
        }
    }

    private static void verify(Path folder, Path meta) throws IOException {
        Properties known = new Properties();
        try (Reader reader = Files.newBufferedReader(meta, StandardCharsets.UTF_8)) {
            known.load(reader);
        }
        String version = known.getProperty("version", "");
        String clusterId = known.getProperty("cluster.id", "");
        String nodeId = known.getProperty("node.id", "");
        if (!version.equals("1") || clusterId.isBlank() || nodeId.isBlank()) {
            throw new RefusedStartException("broker folder " + folder + " has a broken " + META
                    + ": restore that file from a backup or name another folder");
        }
        if (!nodeId.equals(Integer.toString(NODE_ID))) {
            throw new RefusedStartException("broker folder " + folder + " belongs to node " + nodeId
                    + " of another Kafka cluster: name another folder");
        }
    }

    /** Files that are there without {@value #META} are somebody's data, perhaps our own after an accident. */
    private static void refuseForeign(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            boolean foreign = files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> !name.startsWith(".") && !name.equals("lost+found"));
            if (foreign) {
                throw new RefusedStartException("broker folder " + folder + " holds files but no " + META
                        + ": restore that file from a backup or name an empty folder");
            }
        }
    }

    private static void format(Path folder) {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .setControllerListenerName(CONTROLLER)
                    .setDirectories(List.of(folder.toString()))
                    .setMetadataLogDirectory(folder.toString())
                    .run();
        } catch (Exception e) {
            throw new RefusedStartException(
                    "broker folder " + folder + " cannot be formatted (" + e.getMessage()
                            + "): make room, repair it or name another",
                    e);
        }
    }
}
