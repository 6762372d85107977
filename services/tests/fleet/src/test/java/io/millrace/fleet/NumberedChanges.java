package io.millrace.fleet;

import io.millrace.harness.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Writers that set a key of their own to 0, 1, 2 and so on, each at the next node, until told to end. */
final class NumberedChanges implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final long PAUSE_MS = 30;
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    private final List<NodeProcess> nodes;
    private final String scope;
    private final Map<String, Integer> written = new ConcurrentSkipListMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> writers;
    private volatile boolean ended;

    NumberedChanges(List<NodeProcess> nodes, String scope) {
        this.nodes = nodes;
        this.scope = scope;
        this.writers = IntStream.range(0, WRITERS)
                .<Future<?>>mapToObj(writer -> threads.submit(() -> write(writer)))
                .toList();
    }

    private Void write(int writer) throws InterruptedException {
        for (int n = 0; !ended; n++) {
            String payload = "{\"scope\":\"" + scope + "\",\"key\":\"w" + writer + "\",\"value\":{\"n\":" + n
                    + "},\"mutation_id\":\"" + scope + "-" + writer + "-" + n + "\"}";
            for (int attempt = n; !isAcknowledged(nodes.get(attempt % nodes.size()), payload); attempt++) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
            written.merge("w" + writer, 1, Integer::sum);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        return null;
    }

    private static boolean isAcknowledged(NodeProcess node, String payload) throws InterruptedException {
        try {
            return node.call("state::set", payload, ATTEMPT).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** How many changes there are of each key. */
    Map<String, Integer> written() {
        return written;
    }

    /** Lets each write its last. */
    void end() throws Exception {
        ended = true;
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    @Override
    public void close() {
        ended = true;
        threads.shutdownNow();
    }
}
