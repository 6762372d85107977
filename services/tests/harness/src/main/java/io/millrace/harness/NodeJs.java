package io.millrace.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Node.js and npm of this machine. */
public final class NodeJs {
    /** The oldest that the npm clients we test with run on. */
    private static final int OLDEST = 20;

    private static final String COMPLETE = ".installed";

    private NodeJs() {}

    /** Lets a test that needs Node.js go on, or ends it: as aborted on a developer's machine, as failed in CI. */
    public static void require() {
        Prerequisite.require(missing());
    }

    private static @Nullable String missing() {
        try {
            String version = output(Path.of("").toAbsolutePath(), List.of("node", "--version"));
            output(Path.of("").toAbsolutePath(), List.of("npm", "--version"));
            int major = Integer.parseInt(version.strip().replaceAll("^v|\\..*", ""));
            return major >= OLDEST ? null : "Node.js: " + version.strip() + " (expected: v" + OLDEST + " or later)";
        } catch (UncheckedIOException e) {
            return "Node.js and npm: not on the PATH (expected: v" + OLDEST
                    + " or later; this test drives real npm clients): " + e.getMessage();
        }
    }

    /**
     * Installs what a lock file pins, once for each state of that file.
     *
     * @param source a folder with {@code package.json} and {@code package-lock.json}
     * @param target the folder to hold {@code node_modules}; what lies in {@code source} is copied to it each time
     * @return {@code target}
     */
    public static Path install(Path source, Path target) {
        try {
            copy(source, target);
            String lock = Files.readString(target.resolve("package-lock.json"));
            Path complete = target.resolve("node_modules").resolve(COMPLETE);
            if (!Files.exists(complete) || !Files.readString(complete).equals(lock)) {
                output(target, List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"));
                Files.writeString(complete, lock);
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a folder's files over those of another. */
    public static void copy(Path source, Path target) {
        try (Stream<Path> all = Files.walk(source)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (file.toString().contains("node_modules")) {
                    continue;
                }
                Path copy = target.resolve(source.relativize(file).toString());
                Files.createDirectories(copy.toAbsolutePath().getParent());
                Files.write(copy, Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs a program to its end, which comes within a minute.
     *
     * @return all it has printed; an exception that holds it, if it fails
     */
    public static String run(Path folder, List<String> command) {
        return output(folder, command);
    }

    private static String output(Path folder, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(
                        String.format(Locale.ROOT, "%s: failed:%n%s", String.join(" ", command), text));
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
