package io.millrace.node.run;

import io.millrace.engine.port.Scheduler;
import io.millrace.node.config.NodeConfig;
import io.millrace.web.http.HttpEvents;
import io.millrace.web.http.HttpTriggers;
import io.millrace.web.http.HttpTriggersConfig;
import io.millrace.web.listen.Bind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The port of the http triggers, as configured. */
final class HttpParts implements AutoCloseable {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpTriggers http;

    private HttpParts(
            NodeConfig config,
            Programs programs,
            Scheduler scheduler,
            HttpEvents events,
            Supplier<Duration> lastCalls) {
        http = HttpTriggers.open(
                config(config),
                programs.functions(),
                programs.channels(),
                scheduler,
                InstantSource.system(),
                executor,
                events,
                lastCalls);
    }

    /** Listens, and lets triggers be registered. */
    static HttpParts open(
            NodeConfig config,
            Programs programs,
            Scheduler scheduler,
            HttpEvents events,
            Supplier<Duration> lastCalls) {
        HttpParts parts = new HttpParts(config, programs, scheduler, events, lastCalls);
        programs.triggers().provide(parts.http.type());
        return parts;
    }

    private static HttpTriggersConfig config(NodeConfig config) {
        NodeConfig.Http http = config.http();
        return new HttpTriggersConfig(
                new Bind(http.host(), http.port(), "http.port"),
                Runtime.getRuntime().availableProcessors(),
                new HttpTriggersConfig.Limits(
                        http.timeout(),
                        http.maxRequests(),
                        http.maxBodyBytes(),
                        http.bodyMemoryBytes(),
                        http.maxUploadBytes(),
                        config.limits().depth()),
                new HttpTriggersConfig.Cors(http.corsOrigins(), http.corsMethods()),
                http.middleware().stream()
                        .map(middleware ->
                                new HttpTriggersConfig.Middleware(middleware.functionId(), middleware.priority()))
                        .toList(),
                http.bodyAtTopLevel());
    }

    int port() {
        return http.port();
    }

    @Override
    public void close() {
        http.close();
        executor.shutdownNow();
    }
}
