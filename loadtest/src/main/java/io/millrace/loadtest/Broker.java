package io.millrace.loadtest;

import io.millrace.kafka.EmbeddedBroker;
import io.millrace.kafka.EmbeddedBrokerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The broker under load: the one that is named, or one in this process whose folder is deleted afterwards. */
final class Broker implements AutoCloseable {
    private final String bootstrapServers;
    private final @Nullable EmbeddedBroker embedded;
    private final @Nullable Path folder;

    private Broker(String bootstrapServers, @Nullable EmbeddedBroker embedded, @Nullable Path folder) {
        this.bootstrapServers = bootstrapServers;
        this.embedded = embedded;
        this.folder = folder;
    }

    static Broker at(String bootstrapServers) {
        return new Broker(bootstrapServers, null, null);
    }

    static Broker embedded() {
        try {
            Path folder = Files.createTempDirectory("millrace-load");
            EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.local(folder.resolve("broker"), 0));
            return new Broker(broker.bootstrapServers(), broker, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    boolean isEmbedded() {
        return embedded != null;
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
        if (folder != null) {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
