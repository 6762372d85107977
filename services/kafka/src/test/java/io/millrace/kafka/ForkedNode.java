package io.millrace.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A {@link FailoverNode} in a process of its own, to be killed, stopped or put to sleep. */
final class ForkedNode implements AutoCloseable {
    private static final String SERVES = "serves ";

    private final Process process;
    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private volatile List<String> serves = List.of();

    ForkedNode(String node, String bootstrap, Path folder, int standbys) throws IOException {
        this.process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        FailoverNode.class.getName(),
                        node,
                        bootstrap,
                        folder.toString(),
                        Integer.toString(standbys))
                .redirectErrorStream(true)
                .start();
        var _ = Thread.ofPlatform().daemon().start(this::listen);
    }

    private void listen() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(line -> {
                if (line.startsWith(SERVES)) {
                    serves = Stream.of(line.substring(SERVES.length()).split(","))
                            .filter(name -> !name.isEmpty())
                            .toList();
                } else if (line.startsWith("alarm")) {
                    alarms.add(line);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // Killed.
        }
    }

    /** The partitions it serves, as it said last. */
    List<String> serves() {
        return serves;
    }

    List<String> alarms() {
        return alarms;
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
    }

    /** Asks it to stop in order. */
    void stop() throws IOException {
        try (OutputStream input = process.getOutputStream()) {
            input.write('\n');
        }
    }

    /** Does with it what {@code kill -name} does. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
