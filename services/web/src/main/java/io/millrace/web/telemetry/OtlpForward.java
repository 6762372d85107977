package io.millrace.web.telemetry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends telemetry on to an OTLP endpoint, in order, on a thread of its own. */
final class OtlpForward implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OtlpForward.class);
    private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(429, 502, 503, 504);
    private static final int MOST_ATTEMPTS = 6;
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final URI endpoint;
    private final TelemetryConfig config;
    private final TelemetryEvents events;
    private final HttpClient client;
    private final Deque<Frame> queue = new ArrayDeque<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread sender;
    private int queuedBytes;
    private boolean failing;

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Frame(Signal signal, byte[] body) {}

    OtlpForward(URI endpoint, TelemetryConfig config, TelemetryEvents events) {
        this.endpoint = endpoint;
        this.config = config;
        this.events = events;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.requestTimeout())
                .build();
        this.sender = Thread.ofVirtual().name("millrace-otlp").start(this::send);
    }

    /** Takes a request in. If too much waits already, what has waited longest is lost. */
    void offer(Signal signal, byte[] body) {
        int lost = 0;
        synchronized (queue) {
            queue.addLast(new Frame(signal, body));
            queuedBytes += body.length;
            while (queuedBytes > config.queueBytes()) {
                queuedBytes -= queue.removeFirst().body().length;
                lost++;
            }
            queue.notifyAll();
        }
        for (int i = 0; i < lost; i++) {
            events.lost();
        }
    }

    private void send() {
        try {
            Frame next = take();
            while (next != null) {
                boolean sent = send(next);
                if (sent) {
                    events.forwarded();
                } else {
                    events.lost();
                }
                next = take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Frame take() throws InterruptedException {
        synchronized (queue) {
            while (queue.isEmpty()) {
                if (isClosing()) {
                    return null;
                }
                queue.wait();
            }
            Frame next = queue.removeFirst();
            queuedBytes -= next.body().length;
            return next;
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private boolean send(Frame frame) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target(frame.signal()))
                .timeout(config.requestTimeout())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(frame.body()))
                .build();
        Duration backOff = config.firstBackOff();
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            int status = post(request);
            if (status / 100 == 2) {
                note(status, false);
                return true;
            }
            note(status, true);
            if (status != 0 && !WORTH_ANOTHER_TRY.contains(status)) {
                return false;
            }
            // Up to half of it less, so that nodes that began together do not stay together.
            long most = backOff.toMillis();
            long waitMs = most - ThreadLocalRandom.current().nextLong(most / 2 + 1);
            if (closing.await(waitMs, TimeUnit.MILLISECONDS)) {
                return false;
            }
            Duration twice = backOff.multipliedBy(2);
            backOff = twice.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : twice;
        }
        return false;
    }

    private URI target(Signal signal) {
        String base = endpoint.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + "v1/" + signal.path());
    }

    /** Returns the answer's status; 0 if there was no answer. */
    private int post(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Says so when it begins to fail and when it works again, not each time. */
    private void note(int status, boolean failed) {
        if (failed && !failing) {
            LOG.atWarn()
                    .addKeyValue("endpoint", endpoint.getHost())
                    .addKeyValue("status", status)
                    .log("telemetry cannot be forwarded");
        } else if (!failed && failing) {
            LOG.atInfo().addKeyValue("endpoint", endpoint.getHost()).log("telemetry is forwarded again");
        }
        failing = failed;
    }

    /** Sends what waits, if that goes quickly. */
    @Override
    public void close() {
        closing.countDown();
        synchronized (queue) {
            queue.notifyAll();
        }
        try {
            sender.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.interrupt();
        client.shutdownNow();
    }
}
