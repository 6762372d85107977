package io.millrace.fleet;

import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** One writer for each of many scopes, in all partitions, that writes all the time, and how long none of its writes succeeds. */
final class Probes implements AutoCloseable {
    /** So many that each of eight partitions surely has some. */
    private static final int SCOPES = 24;

    private static final long PAUSE_MS = 10;

    private final List<NodeProcess> nodes;
    private final Duration attempt;
    private final List<List<Long>> acknowledgedNs = new ArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> writers;
    private volatile boolean ended;

    /**
     * Begins.
     *
     * @param nodes that are called
     * @param attempt the deadline of each call
     */
    Probes(List<NodeProcess> nodes, Duration attempt) {
        this.nodes = nodes;
        this.attempt = attempt;
        IntStream.range(0, SCOPES).forEach(scope -> acknowledgedNs.add(new ArrayList<>()));
        this.writers = IntStream.range(0, SCOPES)
                .<Future<?>>mapToObj(scope -> threads.submit(() -> write(scope)))
                .toList();
    }

    private Void write(int scope) throws InterruptedException {
        for (int n = scope; !ended; n++) {
            String payload = "{\"scope\":\"probe-" + scope + "\",\"key\":\"k\",\"value\":" + n + "}";
            try {
                int status = nodes.get(n % nodes.size())
                        .call("state::set", payload, attempt)
                        .statusCode();
                if (status == 200) {
                    acknowledgedNs.get(scope).add(System.nanoTime());
                } else {
                    refused.incrementAndGet();
                }
            } catch (IOException e) {
                lost.incrementAndGet();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        return null;
    }

    /** Ends. Says how long each scope had no acknowledged write, the longest time of each, and how many calls failed. */
    String end() throws Exception {
        long endNs = System.nanoTime();
        ended = true;
        for (Future<?> writer : writers) {
            writer.get();
        }
        List<Long> gaps = acknowledgedNs.stream()
                .map(times -> longest(times, endNs))
                .sorted(Comparator.naturalOrder())
                .toList();
        return "longest gap %,d ms, median of scopes %,d ms, shortest %,d ms; %d calls refused, %d unanswered"
                .formatted(
                        gaps.getLast() / 1_000_000,
                        gaps.get(gaps.size() / 2) / 1_000_000,
                        gaps.getFirst() / 1_000_000,
                        refused.get(),
                        lost.get());
    }

    private static long longest(List<Long> times, long endNs) {
        if (times.isEmpty()) {
            return endNs;
        }
        long longest = endNs - times.getLast();
        for (int i = 1; i < times.size(); i++) {
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        return longest;
    }

    @Override
    public void close() {
        ended = true;
        threads.shutdownNow();
    }
}
