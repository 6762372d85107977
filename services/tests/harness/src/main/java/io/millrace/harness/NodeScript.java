package io.millrace.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A Node.js program that talks with its test: each line of its output that begins with {@code @@} is one JSON message, all
 * others are chatter, kept for the message of a failure. Lines it is told arrive on its standard input.
 */
public final class NodeScript implements AutoCloseable {
    private static final String MARK = "@@ ";
    private static final int CHATTER_KEPT = 200;

    private final Process process;
    private final BufferedWriter input;
    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final Queue<String> chatter = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    private NodeScript(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.reader = Thread.ofVirtual().name("node-output").start(this::read);
    }

    /**
     * Starts {@code node} on a file.
     *
     * @param folder the working folder, which also has {@code node_modules}
     * @param arguments the file and what it is given
     */
    public static NodeScript start(Path folder, List<String> arguments, Map<String, String> environment) {
        List<String> command =
                Stream.concat(Stream.of("node"), arguments.stream()).toList();
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new NodeScript(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(MARK)) {
                    messages.add(NodeProcess.JSON.readTree(line.substring(MARK.length())));
                } else {
                    chatter.add(line);
                    if (chatter.size() > CHATTER_KEPT) {
                        chatter.poll();
                    }
                }
            }
        } catch (IOException e) {
            chatter.add("(its output ended: " + e.getMessage() + ")");
        }
    }

    /** The next message; null when the program has ended and said all. It fails when nothing comes in time. */
    public @Nullable JsonNode next(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonNode message = messages.poll(50, TimeUnit.MILLISECONDS);
            if (message != null) {
                return message;
            }
            if (!reader.isAlive() && messages.isEmpty()) {
                return null;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("a Node.js program says nothing:\n" + chatter());
            }
        }
    }

    /** Says one line to it. */
    public void tell(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
    }

    /** The last lines it printed beside its messages. */
    public String chatter() {
        return String.join("\n", chatter);
    }

    /** As {@code kill -9} does. What it had said is not lost: the process's own handle would close the pipe unread. */
    public void kill() {
        process.toHandle().destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            reader.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The exit code of one whose messages have ended. */
    public int exitCode() throws InterruptedException {
        return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** Says to it that nothing more comes, upon which it is to end by itself; one that does not is killed. */
    public void end(Duration patience) {
        try {
            input.close();
            process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            chatter.add("(its input had ended: " + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    @Override
    public void close() {
        kill();
    }
}
