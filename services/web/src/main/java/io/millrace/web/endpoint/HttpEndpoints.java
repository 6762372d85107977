package io.millrace.web.endpoint;

import io.millrace.core.value.Json;
import io.millrace.core.value.JsonReader;
import io.millrace.engine.function.Provider;
import io.millrace.engine.port.Scheduler;
import io.millrace.engine.worker.Endpoints;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes functions of HTTP endpoints. */
public final class HttpEndpoints implements Endpoints, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final EndpointsConfig config;
    private final Function<String, @Nullable String> environment;
    private final ExecutorService executor;
    private final Means means;

    /** What all endpoints share. */
    record Means(
            HttpClient client,
            JsonReader reader,
            InFlight inFlight,
            int maxAnswerBytes,
            Supplier<UUID> ids,
            InstantSource clock,
            Scheduler scheduler,
            EndpointEvents events) {}

    private HttpEndpoints(
            EndpointsConfig config,
            Function<String, @Nullable String> environment,
            ExecutorService executor,
            Means means) {
        this.config = config;
        this.environment = environment;
        this.executor = executor;
        this.means = means;
    }

    /**
     * None yet.
     *
     * @param environment gives the secret that a worker names; null if there is none for it
     * @param ids random
     */
    public static HttpEndpoints open(
            EndpointsConfig config,
            Function<String, @Nullable String> environment,
            Supplier<UUID> ids,
            InstantSource clock,
            Scheduler scheduler,
            EndpointEvents events) {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newBuilder()
                .executor(executor)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        Means means = new Means(
                client,
                new JsonReader(config.maxDepth()),
                new InFlight(config.callsPerWorker()),
                config.maxAnswerBytes(),
                ids,
                clock,
                scheduler,
                events);
        return new HttpEndpoints(config, environment, executor, means);
    }

    @Override
    public Provider endpoint(String workerId, Json invocation) {
        if (!config.enabled()) {
            throw new RefusedException("endpoints_disabled", "endpoints.enabled is false");
        }
        return new HttpEndpoint(workerId, Described.of(invocation.tree(), config, environment), means);
    }

    /** Ends all calls that are under way. */
    @Override
    public void close() {
        means.client().shutdownNow();
        executor.shutdownNow();
    }
}
