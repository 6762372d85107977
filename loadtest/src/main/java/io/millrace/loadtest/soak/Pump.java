package io.millrace.loadtest.soak;

import io.millrace.loadtest.CallerSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Writes one item again and again: so many times a second, or with so many writes under way. */
final class Pump implements Runnable, AutoCloseable {
    private static final String TEXT = "x".repeat(130);

    private final URI workers;
    private final String streamName;
    private final String groupId;
    private final int perSecond;
    private final int inFlight;
    private volatile boolean stopping;
    private long calls;

    Pump(URI workers, String streamName, String groupId, int perSecond, int inFlight) {
        this.workers = workers;
        this.streamName = streamName;
        this.groupId = groupId;
        this.perSecond = perSecond;
        this.inFlight = inFlight;
    }

    @Override
    public void run() {
        try (CallerSocket socket = CallerSocket.connect(workers)) {
            int first = perSecond == 0 ? inFlight : 0;
            for (int i = 0; i < first; i++) {
                call(socket);
            }
            long dueNs = System.nanoTime();
            while (!stopping) {
                if (perSecond > 0) {
                    dueNs += TimeUnit.SECONDS.toNanos(1) / perSecond;
                    TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
                }
                call(socket);
                socket.message();
            }
            for (int i = 0; i < first; i++) {
                socket.message();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(CallerSocket socket) throws IOException {
        String id = "00000000-0000-4000-8000-%012d".formatted(++calls);
        String text = "{\"type\":\"invokefunction\",\"invocation_id\":\"" + id
                + "\",\"function_id\":\"stream::set\",\"data\":{\"stream_name\":\"" + streamName + "\",\"group_id\":\""
                + groupId
                + "\",\"item_id\":\"i0\",\"data\":{\"id\":\"i0\",\"n\":" + calls + ",\"text\":\"" + TEXT + "\"}}}";
        socket.send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends after the write under way. */
    @Override
    public void close() {
        stopping = true;
    }
}
