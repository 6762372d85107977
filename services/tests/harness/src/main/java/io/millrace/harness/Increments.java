package io.millrace.harness;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/**
 * Many writers that increment keys of a scope and items of a group, each increment again under the same mutation id until
 * it is acknowledged.
 */
public final class Increments implements AutoCloseable {
    /** How many there are. */
    public static final int KEYS = 100;

    private static final int WRITERS = 64;
    private static final Duration BACK_OFF = Duration.ofMillis(200);

    private final NodeProcess node;
    private final int each;
    private final AtomicIntegerArray sums = new AtomicIntegerArray(KEYS);
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> writers;

    /** Begins: each writer makes so many. */
    public Increments(NodeProcess node, int each) {
        this.node = node;
        this.each = each;
        this.writers = IntStream.range(0, WRITERS)
                .<Future<?>>mapToObj(writer -> threads.submit(() -> write(writer)))
                .toList();
    }

    /** How many are made by all writers together. */
    public int total() {
        return WRITERS * each;
    }

    /** How many have been acknowledged so far. */
    public int acknowledged() {
        return acknowledged.get();
    }

    /** How many attempts were not. */
    public int retries() {
        return retries.get();
    }

    /** What key number {@code key} must hold once all is done. The even ones are state, the odd ones stream items. */
    public int sum(int key) {
        return sums.get(key);
    }

    /** Waits until all have been acknowledged. */
    public void awaitEnd() throws Exception {
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    private Void write(int writer) throws InterruptedException {
        for (int i = 0; i < each; i++) {
            int key = Math.floorMod(writer * 31 + i * 7, KEYS);
            String mutationId = "writer-" + writer + "-" + i;
            while (!isAcknowledged(key, mutationId)) {
                retries.incrementAndGet();
                // As a well-behaved caller does: a node that is starting needs the processor more.
                Thread.sleep(BACK_OFF);
            }
            sums.incrementAndGet(key);
            acknowledged.incrementAndGet();
        }
        return null;
    }

    private boolean isAcknowledged(int key, String mutationId) throws InterruptedException {
        String ops = "\"ops\":[{\"type\":\"set\",\"path\":\"id\",\"value\":\"" + key
                + "\"},{\"type\":\"increment\",\"path\":\"n\",\"by\":1}],\"mutation_id\":\"" + mutationId + "\"}";
        boolean state = key % 2 == 0;
        String address = state
                ? "{\"scope\":\"counters-" + key % 8 + "\",\"key\":\"" + key + "\","
                : "{\"stream_name\":\"counters\",\"group_id\":\"all\",\"item_id\":\"" + key + "\",";
        try {
            HttpResponse<String> answer = node.call(state ? "state::update" : "stream::update", address + ops);
            return switch (answer.statusCode()) {
                case 200 -> true;
                case 503 -> false;
                default -> throw new IllegalStateException(answer.statusCode() + " " + answer.body());
            };
        } catch (IOException e) {
            // Killed, or not up again: the outcome is unknown.
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
