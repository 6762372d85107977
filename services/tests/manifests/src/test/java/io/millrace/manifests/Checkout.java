package io.millrace.manifests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this repository. */
final class Checkout {
    private Checkout() {}

    static Path top() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("millrace"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above this one holds the launcher");
    }

    static Path manifests() {
        return top().resolve("k8s");
    }

    /** The files below the manifests' folder whose names end so, in order. */
    static List<Path> manifests(String ending) {
        try (Stream<Path> all = Files.walk(manifests())) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String file) {
        return text(top().resolve(file));
    }
}
