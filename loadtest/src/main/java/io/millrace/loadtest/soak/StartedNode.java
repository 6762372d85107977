package io.millrace.loadtest.soak;

import io.millrace.loadtest.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node of our own: {@code millrace up} with the broker inside, on ports of its own and in a folder that goes with it. */
final class StartedNode implements NodeUnderLoad {
    private static final int ENDS_WITHIN_S = 30;

    private final Path home;
    private final int firstPort;
    private final String javaOptions;
    private final List<String> settings;
    private final TemporaryFolder folder = new TemporaryFolder();
    private Process process;

    /**
     * Starts it.
     *
     * @param home where {@code millrace} is
     * @param firstPort of five in a row
     * @param javaOptions for its JVM, with spaces between
     * @param settings such as {@code gateway.ping-interval=10s}
     */
    StartedNode(Path home, int firstPort, String javaOptions, List<String> settings) {
        this.home = home;
        this.firstPort = firstPort;
        this.javaOptions = javaOptions;
        this.settings = settings;
        this.process = start();
    }

    private Process start() {
        List<String> command = new ArrayList<>(List.of(home.resolve("millrace").toString(), "up"));
        set(command, "data.folder", folder.path().resolve("data").toString());
        set(command, "gateway.host", "127.0.0.1");
        set(command, "gateway.port", firstPort);
        set(command, "admin.port", firstPort + 1);
        set(command, "workers.host", "127.0.0.1");
        set(command, "workers.port", firstPort + 2);
        set(command, "http.host", "127.0.0.1");
        set(command, "http.port", firstPort + 3);
        set(command, "kafka.embedded-port", firstPort + 4);
        set(command, "peers.port", 0);
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("MILLRACE_JAVA_OPTS", javaOptions);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void set(List<String> command, String setting, Object value) {
        command.addAll(List.of("--set", setting + "=" + value));
    }

    /** What it prints. */
    Path log() {
        return folder.path().resolve("node.log");
    }

    @Override
    public URI gateway() {
        return at("ws", firstPort);
    }

    @Override
    public URI workers() {
        return at("ws", firstPort + 2);
    }

    @Override
    public URI admin() {
        return at("http", firstPort + 1);
    }

    private static URI at(String scheme, int port) {
        return URI.create(scheme + "://127.0.0.1:" + port);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public void killAndRestart() {
        process.destroyForcibly();
        await();
        process = start();
    }

    private void await() {
        try {
            if (!process.waitFor(ENDS_WITHIN_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.destroy();
        await();
        folder.close();
    }
}
