package io.millrace.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM beside this one. What it prints goes to a file. */
public final class JavaProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    private JavaProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts a class with a {@code main} method, on this JVM's class path.
     *
     * @param heap its largest heap, such as {@code 512m}
     * @param output the file that what it prints is added to
     */
    public static JavaProcess start(
            Class<?> main, List<String> arguments, Map<String, String> environment, String heap, Path output) {
        return start(JavaCommand.of(main, heap).with(arguments), environment, output);
    }

    /**
     * Starts it.
     *
     * @param output the file that what it prints is added to
     */
    public static JavaProcess start(JavaCommand command, Map<String, String> environment, Path output) {
        ProcessBuilder builder = new ProcessBuilder(command.words())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        builder.environment().putAll(environment);
        try {
            return new JavaProcess(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** How long it has had a processor so far. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** As Ctrl-C and a service manager do. Returns the exit code. */
    public int terminate() {
        process.destroy();
        return awaitExit();
    }

    /** As {@code kill -STOP} does: it is there, and does nothing. */
    public void stall() {
        signal("STOP");
    }

    /** As {@code kill -CONT} does: it goes on as if nothing had been. */
    public void goOn() {
        signal("CONT");
    }

    private void signal(String signal) {
        Command.run(List.of("kill", "-" + signal, Long.toString(pid())));
    }

    /** Waits for its end, at most a minute. Returns the exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("process did not end:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All it has printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
