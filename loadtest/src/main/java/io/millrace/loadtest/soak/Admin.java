package io.millrace.loadtest.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The admin API of the node: what it counts, and what it has stored. */
final class Admin {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI uri;

    Admin(URI uri) {
        this.uri = uri;
    }

    /** Waits until the node says of itself that it is ready. */
    void awaitReady() {
        long endNs = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            if (System.nanoTime() - endNs > 0) {
                throw new IllegalStateException("node: not ready after " + PATIENCE + " (expected: /health/ready)");
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private boolean isReady() {
        try {
            return send(HttpRequest.newBuilder(uri.resolve("/health/ready"))).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Our own meters, without their tags: those that differ by tags are added up. */
    Map<String, Double> meters() {
        Map<String, Double> meters = new TreeMap<>();
        text("/metrics").lines().filter(line -> line.startsWith("millrace_")).forEach(line -> {
            int value = line.lastIndexOf(' ');
            int tags = line.indexOf('{');
            String name = line.substring(0, tags < 0 ? value : tags);
            meters.merge(name, Double.parseDouble(line.substring(value + 1)), Double::sum);
        });
        return meters;
    }

    private String text(String path) {
        try {
            return send(HttpRequest.newBuilder(uri.resolve(path))).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every item of a group that is stored. */
    JsonNode list(String streamName, String groupId) {
        try {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(uri.resolve("/v1/functions/stream::list"))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"stream_name\":\"" + streamName + "\",\"group_id\":\"" + groupId + "\"}")));
            if (answer.statusCode() != 200) {
                throw new IOException(answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body()).path("result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
