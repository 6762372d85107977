package io.millrace.integration;

import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Writers that set the keys of a scope to 0, 1, 2 and so on, each key by one writer, each change again under its mutation
 * id until it is acknowledged.
 */
final class Changes implements AutoCloseable {
    private static final int WRITERS = 16;
    private static final int KEYS = 100;
    private static final Duration BACK_OFF = Duration.ofMillis(200);

    private final NodeProcess node;
    private final String scope;
    private final String prefix;
    private final int each;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> writers;

    /** Starts writing. */
    Changes(NodeProcess node, String scope, int total) {
        this(node, scope, "k", total);
    }

    /**
     * Starts writing.
     *
     * @param prefix what the keys begin with
     */
    Changes(NodeProcess node, String scope, String prefix, int total) {
        this.node = node;
        this.scope = scope;
        this.prefix = prefix;
        this.each = total / KEYS;
        this.writers = IntStream.range(0, WRITERS)
                .<Future<?>>mapToObj(writer -> threads.submit(() -> write(writer)))
                .toList();
    }

    int acknowledged() {
        return acknowledged.get();
    }

    void awaitEnd() throws Exception {
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    private Void write(int writer) throws InterruptedException {
        for (int n = 0; n < each; n++) {
            for (int key = writer; key < KEYS; key += WRITERS) {
                set(prefix + key, "{\"n\":" + n + "}", prefix + key + "-" + n);
                acknowledged.incrementAndGet();
            }
        }
        return null;
    }

    /** Sets one value, at once or as soon as the node can. */
    void set(String key, String value, String mutationId) throws InterruptedException {
        String payload = "{\"scope\":\"" + scope + "\",\"key\":\"" + key + "\",\"value\":" + value
                + ",\"mutation_id\":\"" + scope + "-" + mutationId + "\"}";
        while (!isAcknowledged(payload)) {
            // As a well-behaved caller does: a node that is starting needs the processor more.
            Thread.sleep(BACK_OFF);
        }
    }

    private boolean isAcknowledged(String payload) throws InterruptedException {
        try {
            HttpResponse<String> answer = node.call("state::set", payload);
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
