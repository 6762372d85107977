package io.millrace.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** {@code curl -N} of this machine, as somebody at a shell follows a stream of events with it. */
public final class Curl implements AutoCloseable {
    private static final String MISSING =
            "curl: not on the PATH (expected: any version; this test follows streams with it)";

    private final Process process;
    private final BlockingQueue<Map<String, String>> events = new LinkedBlockingQueue<>();
    private final Thread reader;

    private Curl(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().name("curl-output").start(this::read);
    }

    /** Lets a test that needs curl go on, or ends it: as aborted on a developer's machine, as failed in CI. */
    public static void require() {
        boolean there = isThere();
        if (!there && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError(MISSING);
        }
        Assumptions.assumeTrue(there, MISSING);
    }

    private static boolean isThere() {
        try {
            Process process = new ProcessBuilder("curl", "--version").start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Begins to follow a stream. */
    public static Curl follow(URI uri, String... headers) {
        List<String> command = new ArrayList<>(List.of("curl", "-sSN", "-H", "Accept: text/event-stream"));
        for (String header : headers) {
            command.addAll(List.of("-H", header));
        }
        command.add(uri.toString());
        try {
            return new Curl(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            Map<String, String> event = new TreeMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    event.put(line.substring(0, colon), line.substring(colon + 2));
                } else if (line.isEmpty() && !event.isEmpty()) {
                    events.add(event);
                    event = new TreeMap<>();
                }
            }
        } catch (IOException e) {
            // It has ended, or been killed.
            return;
        }
    }

    /** The fields of the next event, comments left out; null when the stream has ended. It fails when none comes. */
    public @Nullable Map<String, String> next(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            boolean ended = !reader.isAlive();
            Map<String, String> event = events.poll(50, TimeUnit.MILLISECONDS);
            if (event != null || ended) {
                return event;
            }
        }
        throw new IllegalStateException("curl shows nothing for " + patience);
    }

    /** The exit code of one whose stream has ended. */
    public int exitCode() throws InterruptedException {
        return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    /** Breaks it off. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
