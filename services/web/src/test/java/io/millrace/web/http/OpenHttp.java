package io.millrace.web.http;

import io.millrace.core.value.Json;
import io.millrace.engine.channel.Channel;
import io.millrace.engine.channel.Channels;
import io.millrace.engine.function.FunctionDescription;
import io.millrace.engine.function.Invocation;
import io.millrace.engine.function.Invoker;
import io.millrace.engine.function.LocalFunction;
import io.millrace.engine.function.Outcome;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.trigger.Binding;
import io.millrace.engine.trigger.TriggerType;
import io.millrace.web.listen.Bind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An http port with functions of this process behind it, and a client. */
final class OpenHttp implements AutoCloseable {
    static final HttpTriggersConfig.Limits LIMITS =
            new HttpTriggersConfig.Limits(Duration.ofSeconds(30), 64, 100_000, 1 << 20, 1 << 30, 50);

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    final Invoker functions = new Invoker();
    final Channels channels;
    final List<Invocation> got = new CopyOnWriteArrayList<>();
    final Counting events = new Counting();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpTriggers triggers;
    private int bound;

    OpenHttp() {
        this(LIMITS, HttpTriggersConfig.Cors.OPEN, List.of(), false);
    }

    OpenHttp(
            HttpTriggersConfig.Limits limits,
            HttpTriggersConfig.Cors cors,
            List<HttpTriggersConfig.Middleware> middleware,
            boolean topLevel) {
        this(limits, cors, middleware, topLevel, new Channels(UUID::randomUUID, InstantSource.system()));
    }

    /** One of a node whose channels others use, too. */
    OpenHttp(Channels channels) {
        this(LIMITS, HttpTriggersConfig.Cors.OPEN, List.of(), false, channels);
    }

    private OpenHttp(
            HttpTriggersConfig.Limits limits,
            HttpTriggersConfig.Cors cors,
            List<HttpTriggersConfig.Middleware> middleware,
            boolean topLevel,
            Channels channels) {
        this.channels = channels;
        Scheduler scheduler = (delay, task) -> {
            // Nobody wants to see a minute pass.
            Duration shorter = delay.compareTo(LONG) < 0 ? delay : SHORT;
            Future<?> later = timer.schedule(task, shorter.toNanos(), TimeUnit.NANOSECONDS);
            return () -> later.cancel(false);
        };
        triggers = HttpTriggers.open(
                new HttpTriggersConfig(new Bind("127.0.0.1", 0, "http.port"), 2, limits, cors, middleware, topLevel),
                functions,
                channels,
                scheduler,
                InstantSource.system(),
                executor,
                events,
                () -> Duration.ofSeconds(5));
    }

    static final class Counting implements HttpEvents {
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger stalled = new AtomicInteger();
        final List<Integer> statuses = new CopyOnWriteArrayList<>();

        @Override
        public void begun() {
            open.incrementAndGet();
        }

        @Override
        public void answered(int status, long tookNanos) {
            statuses.add(status);
        }

        @Override
        public void ended() {
            open.decrementAndGet();
        }

        @Override
        public void stalled() {
            stalled.incrementAndGet();
        }
    }

    /** A function that is remembered to have been called. */
    void function(String id, Function<JsonNode, Outcome> does) {
        asynchronous(id, payload -> CompletableFuture.completedStage(does.apply(payload)));
    }

    void returns(String id, String json) {
        function(id, payload -> new Outcome.Result(Json.ofText(json)));
    }

    void asynchronous(String id, Function<JsonNode, CompletionStage<Outcome>> does) {
        functions.add(List.of(new LocalFunction(FunctionDescription.of(id, id), invocation -> {
            got.add(invocation);
            return does.apply(invocation.payload().tree());
        })));
    }

    /** A route of the function. */
    Binding route(String functionId, String config) {
        return route("t-" + bound++, functionId, config, null);
    }

    Binding route(String id, String functionId, String config, @Nullable Json metadata) {
        Binding binding = new Binding(id, "http", functionId, Json.ofText(config), metadata, "worker");
        triggers.type().bind(binding);
        return binding;
    }

    void end(Binding binding) {
        triggers.type().unbind(binding, TriggerType.Ending.UNREGISTERED);
    }

    /** The channel a payload's field refers to, as a worker finds it. */
    Channel channel(JsonNode payload, String field) {
        JsonNode ref = payload.path(field);
        return Objects.requireNonNull(channels.find(
                ref.path("channel_id").stringValue(), ref.path("access_key").stringValue()));
    }

    JsonNode lastPayload() {
        return got.getLast().payload().tree();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Status and body. */
    String get(String path) throws IOException, InterruptedException {
        return text(send(request(path)));
    }

    String post(String path, String type, String body) throws IOException, InterruptedException {
        return text(send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body))));
    }

    static String text(HttpResponse<String> response) {
        return response.statusCode() + " " + response.body();
    }

    int port() {
        return triggers.port();
    }

    @Override
    public void close() {
        client.shutdownNow();
        triggers.close();
        timer.shutdownNow();
        executor.shutdownNow();
    }
}
