package io.millrace.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The files of this repository, without what is built or downloaded. */
final class Repository {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "data", "node_modules", ".idea", ".vscode");

    private final Path root;
    private final List<Path> files;

    private Repository(Path root, List<Path> files) {
        this.root = root;
        this.files = files;
    }

    /** The one this module belongs to. */
    static Repository here() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("millrace"))) {
                return at(folder);
            }
        }
        throw new IllegalStateException("no folder above this one holds the launcher");
    }

    static Repository at(Path root) {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean ours = !NOT_OURS.contains(folder.getFileName().toString());
                    return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    // In a second worktree this is a file, too.
                    if (file.getFileName().toString().equals(".git")) {
                        return FileVisitResult.CONTINUE;
                    }
                    files.add(root.relativize(file));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Repository(root, files);
    }

    /** Paths from the root, of the files whose path fits. */
    List<Path> files(Predicate<String> wanted) {
        return files.stream()
                .filter(file -> wanted.test(file.toString()))
                .sorted()
                .toList();
    }

    boolean has(String path) {
        return Files.exists(root.resolve(path));
    }

    /** The text of a file; empty for one that is no text. */
    String text(Path file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (MalformedInputException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String file) {
        return text(Path.of(file));
    }
}
