package io.millrace.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Calls functions of a running node over the worker protocol: so many callers, each with so many calls under way. */
@Command(
        name = "CallBenchmark",
        description = "Calls state::set over the worker protocol.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class CallBenchmark implements Callable<Integer> {
    @Option(names = "--url", description = "the node's worker port")
    private URI url = URI.create("ws://localhost:49134");

    @Option(names = "--callers", description = "connections")
    private int callers = 64;

    @Option(names = "--in-flight", description = "calls each of them has under way")
    private int inFlight = 1;

    @Option(names = "--keys", description = "different keys")
    private int keys = 10_000;

    @Option(names = "--scopes", description = "scopes over which the keys are spread")
    private int scopes = 256;

    @Option(names = "--value-bytes", description = "size of each value")
    private int valueBytes = 200;

    @Option(names = "--window", description = "seconds of each window")
    private int windowSeconds = 10;

    @Option(names = "--windows", description = "how many windows, one after another; the first ones warm up")
    private int windows = 6;

    /** Runs the benchmark and ends the JVM: 0 when every call was answered with a result. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new CallBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Recorder latencies = new Recorder(TimeUnit.MINUTES.toNanos(1), 3);
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos((long) windowSeconds * windows);
        System.out.printf(
                "%d callers, %d in flight each, %d-byte values, %,d keys in %d scopes%n",
                callers, inFlight, valueBytes, keys, scopes);
        System.out.println("| window | calls/s | p50 ms | p99 ms |\n|---|--:|--:|--:|");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                SplittableRandom random = new SplittableRandom(caller);
                running.add(threads.submit(() -> {
                    callUntil(endNs, random, latencies::recordValue);
                    return null;
                }));
            }
            for (int window = 1; window <= windows; window++) {
                Thread.sleep(Duration.ofSeconds(windowSeconds));
                Histogram seen = latencies.getIntervalHistogram();
                System.out.printf(
                        "| %d | %,d | %.2f | %.2f |%n",
                        window,
                        seen.getTotalCount() / windowSeconds,
                        seen.getValueAtPercentile(50) / 1e6,
                        seen.getValueAtPercentile(99) / 1e6);
            }
            for (Future<?> caller : running) {
                caller.get();
            }
        }
        return 0;
    }

    private void callUntil(long endNs, SplittableRandom random, Consumer<Long> took) throws IOException {
        Map<String, Long> sentNs = new HashMap<>();
        try (CallerSocket socket = CallerSocket.connect(url)) {
            for (int i = 0; i < inFlight; i++) {
                send(socket, random, sentNs);
            }
            while (!sentNs.isEmpty()) {
                String answer = new String(socket.message(), StandardCharsets.UTF_8);
                Long startNs = sentNs.remove(invocationId(answer));
                if (startNs == null || !answer.contains("\"result\":{")) {
                    throw new IOException("answer: " + answer + " (expected: a result)");
                }
                long nowNs = System.nanoTime();
                took.accept(nowNs - startNs);
                if (nowNs < endNs) {
                    send(socket, random, sentNs);
                }
            }
        }
    }

    private void send(CallerSocket socket, SplittableRandom random, Map<String, Long> sentNs) throws IOException {
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        int key = random.nextInt(keys);
        String text = "{\"type\":\"invokefunction\",\"invocation_id\":\"" + id
                + "\",\"function_id\":\"state::set\",\"data\":{\"scope\":\"load-" + key % scopes
                + "\",\"key\":\"key-" + key + "\",\"value\":{\"n\":" + random.nextInt(1_000_000)
                + ",\"text\":\"" + "x".repeat(Math.max(0, valueBytes - 22)) + "\"}}}";
        sentNs.put(id, System.nanoTime());
        socket.send(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String invocationId(String answer) {
        String field = "\"invocation_id\":\"";
        int from = answer.indexOf(field) + field.length();
        return answer.substring(from, answer.indexOf('"', from));
    }
}
