package io.millrace.loadtest.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a JVM on this machine takes, as the system and {@code jcmd} say. */
final class Footprint {
    /** Linux counts processor time in these, whatever the kernel's own tick. */
    private static final int TICK_MS = 10;

    private Footprint() {}

    /** One class of a heap. */
    record Held(long instances, long bytes) {}

    /** Memory in main memory, bytes. */
    static long rss(long pid) {
        return lines(Path.of("/proc", Long.toString(pid), "status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    /** Processor time so far. */
    static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** Processor time of its threads so far, those whose names differ only by numbers added up; milliseconds. */
    static Map<String, Long> threads(long pid) {
        Map<String, Long> threads = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks) {
                String stat = lines(task.resolve("stat"));
                if (!stat.isEmpty()) {
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                    threads.merge(name.replaceAll("\\d+", "#"), ticks * TICK_MS, Long::sum);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return threads;
    }

    /** What lives on its heap, by class, the largest first: after a full collection. */
    static Map<String, Held> heap(long pid) {
        Map<String, Held> heap = new LinkedHashMap<>();
        jcmd(pid, "GC.class_histogram").lines().forEach(line -> {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length >= 4 && fields[0].endsWith(":") && Character.isDigit(fields[0].charAt(0))) {
                heap.put(fields[3], new Held(Long.parseLong(fields[1]), Long.parseLong(fields[2])));
            }
        });
        return heap;
    }

    /** How much lives on its heap: after a full collection. */
    static long heapBytes(long pid) {
        return heap(pid).values().stream().mapToLong(Held::bytes).sum();
    }

    private static String jcmd(long pid, String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
                    .redirectErrorStream(true)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lines(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            return ""; // a thread or process that has just ended
        }
    }
}
