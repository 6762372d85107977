package io.millrace.kafka;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/** The folder of the local copies. It remembers of which topics they are, for copies of others would be nonsense. */
final class StoreFolder implements AutoCloseable {
    private static final String FILE = "topics.properties";
    private static final String CLUSTER = "cluster.id";

    private final Path folder;
    private final FolderLock lock;

    private StoreFolder(Path folder, FolderLock lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Locks the folder for this process.
     *
     * @throws RefusedStartException if that is not possible
     */
    static StoreFolder lock(Path folder) {
        return new StoreFolder(folder, FolderLock.of(folder));
    }

    /** Where Kafka Streams keeps its files. */
    Path state() {
        return folder.resolve("state");
    }

    /**
     * Makes sure that the copies are of these topics of this cluster; an empty folder becomes theirs.
     *
     * @throws RefusedStartException if they are of others
     */
    void claim(String clusterId, Map<String, Uuid> topics) {
        Path file = folder.resolve(FILE);
        try {
            Properties known = read(file);
            String before = known.getProperty(CLUSTER, clusterId);
            if (!before.equals(clusterId)) {
                throw new RefusedStartException("store folder " + folder + " belongs to Kafka cluster " + before
                        + ", but this is cluster " + clusterId + ": name another folder, or connect to that cluster");
            }
            topics.forEach((topic, id) -> {
                if (!known.getProperty(topic, id.toString()).equals(id.toString())) {
                    throw new RefusedStartException("store folder " + folder + " holds copies of a topic " + topic
                            + " that has been deleted and created anew: delete the folder, it will be filled again");
                }
                known.setProperty(topic, id.toString());
            });
            known.setProperty(CLUSTER, clusterId);
            write(file, known);
        } catch (IOException e) {
            throw new RefusedStartException(
                    "store folder " + folder + " is not usable (" + e.getMessage() + "): repair it or name another", e);
        }
    }

    private static Properties read(Path file) throws IOException {
        Properties known = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                known.load(reader);
            }
        }
        return known;
    }

    /** Writes it whole or not at all. */
    private static void write(Path file, Properties known) throws IOException {
        Path next = file.resolveSibling(FILE + ".next");
        try (Writer writer = Files.newBufferedWriter(next, StandardCharsets.UTF_8)) {
            known.store(writer, "Of which topics the copies in this folder are.");
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        lock.close();
    }
}
