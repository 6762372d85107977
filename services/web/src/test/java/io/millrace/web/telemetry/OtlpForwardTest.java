package io.millrace.web.telemetry;

import static io.millrace.web.telemetry.TelemetryIntakeTest.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.engine.surface.Logs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtlpForwardTest {
    private static final byte[] TRACES = frame("OTLP", "{\"resourceSpans\":[]}");

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountingEvents events = new CountingEvents();
    private HttpServer collector;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", this::take);
        collector.start();
    }

    @AfterEach
    void stop() {
        open.countDown();
        collector.stop(0);
    }

    @Test
    void everyKindGoesToItsOwnPathAsItCame() {
        open.countDown();
        try (TelemetryIntake frames = frames("/otlp/", 1 << 20)) {
            frames.accept(TRACES);
            frames.accept(frame("MTRC", "{\"resourceMetrics\":[ ]}"));
            frames.accept(frame("LOGS", "{\"resourceLogs\":[]}"));
            frames.accept(frame("OTLP", "{\"resourceLogs\":[]}"));
            await().untilAtomic(events.forwarded, org.hamcrest.Matchers.is(3));
        }
        assertThat(received)
                .containsExactly(
                        "POST /otlp/v1/traces application/json {\"resourceSpans\":[]}",
                        "POST /otlp/v1/metrics application/json {\"resourceMetrics\":[ ]}",
                        "POST /otlp/v1/logs application/json {\"resourceLogs\":[]}");
        assertThat(events.garbled).hasValue(1);
    }

    @Test
    void aCollectorThatIsBusyIsAskedAgain() {
        open.countDown();
        statuses.addAll(List.of(503, 429, 502, 504));
        try (TelemetryIntake frames = frames("", 1 << 20)) {
            frames.accept(TRACES);
            await().untilAtomic(events.forwarded, org.hamcrest.Matchers.is(1));
        }
        assertThat(received).hasSize(5);
        assertThat(events.lost).hasValue(0);
    }

    @Test
    void whatTheCollectorRefusesIsLost() {
        open.countDown();
        statuses.add(400);
        try (TelemetryIntake frames = frames("", 1 << 20)) {
            frames.accept(TRACES);
            frames.accept(TRACES);
            await().untilAtomic(events.forwarded, org.hamcrest.Matchers.is(1));
        }
        assertThat(events.lost).hasValue(1);
        assertThat(received).hasSize(2);
    }

    @Test
    void aCollectorThatIsNotThereIsGivenUpInTheEnd() {
        open.countDown();
        collector.stop(0);
        try (TelemetryIntake frames = frames("", 1 << 20)) {
            frames.accept(TRACES);
            await().untilAtomic(events.lost, org.hamcrest.Matchers.is(1));
        }
    }

    @Test
    void whatWaitsLongestIsLostWhenTooMuchWaits() {
        try (TelemetryIntake frames = frames("", 100)) {
            frames.accept(frame("OTLP", "{\"resourceSpans\":[0]}"));
            await().until(() -> received.size() == 1);
            for (int i = 1; i <= 9; i++) {
                frames.accept(frame("OTLP", "{\"resourceSpans\":[" + i + "]}"));
            }
            assertThat(events.lost).hasValue(5);
            open.countDown();
            await().untilAtomic(events.forwarded, org.hamcrest.Matchers.is(5));
        }
        assertThat(received.get(1)).endsWith("[6]}");
    }

    private TelemetryIntake frames(String path, int queueBytes) {
        URI endpoint = URI.create("http://localhost:" + collector.getAddress().getPort() + path);
        TelemetryConfig config =
                new TelemetryConfig(endpoint, queueBytes, Duration.ofSeconds(10), Duration.ofMillis(1));
        return TelemetryIntake.open(config, new Logs(10, record -> {}), events);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("content-type") + " " + body);
            open.await();
            Integer status = statuses.poll();
            exchange.sendResponseHeaders(status == null ? 200 : status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
