package io.millrace.harness;

import static org.awaitility.Awaitility.await;

import io.millrace.node.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code millrace up} in a process of its own, on ports it keeps when it is killed and started again. */
public final class NodeProcess implements AutoCloseable {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> arguments = new ArrayList<>(List.of("up"));
    private final Path folder;
    private final Host host;
    private final List<Path> ahead;
    private final int adminPort = FreePorts.one();
    private final int gatewayPort = FreePorts.one();
    private final int workersPort = FreePorts.one();
    private final int httpPort = FreePorts.one();
    private JavaProcess process;

    /** Starts a node on an outside broker, with one replica and eight partitions. */
    public static NodeProcess on(String bootstrap, Path folder) {
        return new NodeProcess(
                folder, Map.of("MILLRACE_KAFKA_BOOTSTRAP", bootstrap, "MILLRACE_KAFKA_REPLICATION", "1"));
    }

    /** Starts a node with the broker inside. */
    public static NodeProcess embedded(Path folder, int brokerPort) {
        return embedded(folder, brokerPort, Map.of());
    }

    /**
     * Starts a node with the broker inside.
     *
     * @param settings further settings, by their names ({@code http.timeout}), and variables of its environment ({@code
     *     MILLRACE_HTTP_TIMEOUT}); a name with a dot is a setting
     */
    public static NodeProcess embedded(Path folder, int brokerPort, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("MILLRACE_KAFKA_EMBEDDED_PORT", Integer.toString(brokerPort));
        return new NodeProcess(folder, all);
    }

    /**
     * Starts a node at a place.
     *
     * @param ahead folders and jars whose classes it has instead of its own of the same name
     * @param settings as for {@link #embedded}
     */
    static NodeProcess at(Host host, Path folder, List<Path> ahead, Map<String, String> settings) {
        return new NodeProcess(host, folder, ahead, settings);
    }

    private NodeProcess(Path folder, Map<String, String> settings) {
        this(Host.LOOPBACK, folder, List.of(), settings);
    }

    private NodeProcess(Host host, Path folder, List<Path> ahead, Map<String, String> settings) {
        this.folder = folder;
        this.host = host;
        this.ahead = List.copyOf(ahead);
        environment.put("MILLRACE_DATA_FOLDER", folder.resolve("data").toString());
        environment.put("MILLRACE_ADMIN_PORT", Integer.toString(adminPort));
        environment.put("MILLRACE_ADMIN_HOST", host.address());
        environment.put("MILLRACE_GATEWAY_PORT", Integer.toString(gatewayPort));
        environment.put("MILLRACE_GATEWAY_HOST", host.address());
        environment.put("MILLRACE_WORKERS_PORT", Integer.toString(workersPort));
        environment.put("MILLRACE_WORKERS_HOST", host.address());
        environment.put("MILLRACE_HTTP_PORT", Integer.toString(httpPort));
        environment.put("MILLRACE_HTTP_HOST", host.address());
        environment.put("MILLRACE_PEERS_PORT", Integer.toString(FreePorts.one()));
        environment.put("MILLRACE_PEERS_HOST", host.address());
        environment.put("MILLRACE_KAFKA_PARTITIONS", "8");
        settings.forEach((name, value) -> {
            if (name.contains(".")) {
                arguments.addAll(List.of("--set", name + "=" + value));
            } else {
                environment.put(name, value);
            }
        });
        this.process = start();
    }

    private JavaProcess start() {
        JavaCommand command =
                JavaCommand.of(Main.class, "512m").at(host).ahead(ahead).with(arguments);
        return JavaProcess.start(command, environment, folder.resolve("node.log"));
    }

    /** Waits until it serves all it has. */
    public NodeProcess awaitReady() {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(this::isWhole);
        return this;
    }

    /** Whether it serves all it has; fails when it has ended. */
    boolean isWhole() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the node has ended:\n" + process.output());
        }
        HttpResponse<String> ready = ready();
        return ready != null
                && ready.statusCode() == 200
                && JSON.readTree(ready.body())
                        .path("checks")
                        .valueStream()
                        .allMatch(check -> check.path("ok").asBoolean());
    }

    /** Whether it says to load balancers that it is ready, which it also is while partitions move. */
    public boolean isReady() {
        HttpResponse<String> ready = ready();
        return ready != null && ready.statusCode() == 200;
    }

    private @Nullable HttpResponse<String> ready() {
        try {
            HttpRequest request = HttpRequest.newBuilder(admin("/health/ready"))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** As {@code kill -9} does. */
    public void kill() {
        process.kill();
    }

    /** As {@code kill -9} does, and up again at once. */
    public void killAndRestart() {
        process.kill();
        process = start();
    }

    /** Ends it in good order. Returns the exit code. */
    public int terminate() {
        return process.terminate();
    }

    /** Starts it again, on the same ports and files. */
    public void restart() {
        process = start();
    }

    /** Starts it on the same ports, as one that has no copies of anything yet. It must have ended. */
    public void startAnew() {
        Path data = folder.resolve("data");
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = start();
    }

    /** The process of its present life. */
    public JavaProcess process() {
        return process;
    }

    /** Where it runs. */
    public Host host() {
        return host;
    }

    /** Its process id, another one after each start. */
    public long pid() {
        return process.pid();
    }

    /** All it has printed so far. */
    public String output() {
        return process.output();
    }

    /** Where the admin API has this path. */
    public URI admin(String path) {
        return URI.create("http://" + host.port(adminPort) + path);
    }

    /** Where the stream gateway has this path. */
    public URI gateway(String path) {
        return URI.create("ws://" + host.port(gatewayPort) + path);
    }

    /** Where HTTP triggers have this path. */
    public URI http(String path) {
        return URI.create("http://" + host.port(httpPort) + path);
    }

    /** Where workers connect. */
    public URI workers(String path) {
        return URI.create("ws://" + host.port(workersPort) + path);
    }

    /** Calls a function and gives the whole answer; an exception when there is none. */
    public HttpResponse<String> call(String function, String payload) throws IOException, InterruptedException {
        return call(function, payload, Duration.ofSeconds(10));
    }

    /**
     * The same.
     *
     * @param timeout after which there is no answer any more; the node is told
     */
    public HttpResponse<String> call(String function, String payload, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(admin("/v1/functions/" + function))
                .timeout(timeout.plusMillis(500))
                .header("Millrace-Timeout-Ms", Long.toString(timeout.toMillis()))
                .POST(HttpRequest.BodyPublishers.ofString(payload))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Calls a function that must succeed. */
    public JsonNode result(String function, String payload) throws IOException, InterruptedException {
        HttpResponse<String> answer = call(function, payload);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(function + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body()).path("result");
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
