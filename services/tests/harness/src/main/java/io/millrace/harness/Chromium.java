package io.millrace.harness;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The browser of this machine. */
public final class Chromium {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private Chromium() {}

    /** Lets a test that needs a browser go on, or ends it, as {@link NodeJs#require} does. Gives the program. */
    public static Path require() {
        Optional<Path> found = NAMES.stream().flatMap(Chromium::onThePath).findFirst();
        Prerequisite.require(
                found.isPresent()
                        ? null
                        : "Chromium: not on the PATH (expected: one of " + NAMES
                                + "; this test drives a real browser)");
        return found.orElseThrow();
    }

    private static Stream<Path> onThePath(String name) {
        String folders = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Arrays.stream(folders.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }
}
