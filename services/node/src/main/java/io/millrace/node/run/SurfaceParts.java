package io.millrace.node.run;

import io.millrace.engine.port.Scheduler;
import io.millrace.engine.surface.EngineSurface;
import io.millrace.engine.surface.Logs;
import io.millrace.engine.worker.Endpoints;
import io.millrace.node.config.NodeConfig;
import io.millrace.node.observe.Health;
import io.millrace.node.observe.SurfaceMeters;
import io.millrace.web.endpoint.EndpointsConfig;
import io.millrace.web.endpoint.HttpEndpoints;
import io.millrace.web.telemetry.LogLines;
import io.millrace.web.telemetry.Telemetry;
import io.millrace.web.telemetry.TelemetryConfig;
import io.millrace.web.telemetry.TelemetryIntake;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What programs see of the engine, what becomes of their telemetry, and functions that are HTTP endpoints. */
final class SurfaceParts implements AutoCloseable {
    /** Our own secrets are not for workers to have sent anywhere. */
    private static final String OURS = "MILLRACE_";

    private final NodeConfig config;
    private final SurfaceMeters meters;
    private final Scheduler scheduler;
    private final Logs logs;
    private final TelemetryIntake telemetry;
    private final HttpEndpoints endpoints;

    SurfaceParts(NodeConfig config, Scheduler scheduler, SurfaceMeters meters) {
        this.config = config;
        this.meters = meters;
        this.scheduler = scheduler;
        this.logs = new Logs(config.telemetry().keptLogs(), new LogLines());
        this.telemetry = TelemetryIntake.open(
                TelemetryConfig.to(
                        config.telemetry().otlpEndpoint().orElse(null),
                        config.telemetry().queueBytes()),
                logs,
                meters);
        this.endpoints = HttpEndpoints.open(
                endpoints(config), SurfaceParts::secret, UUID::randomUUID, InstantSource.system(), scheduler, meters);
    }

    private static EndpointsConfig endpoints(NodeConfig config) {
        NodeConfig.Endpoints wanted = config.endpoints();
        return new EndpointsConfig(
                wanted.enabled(),
                wanted.allowedHosts().stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .toList(),
                wanted.maxAnswerBytes(),
                config.limits().depth(),
                wanted.callsPerWorker());
    }

    private static @Nullable String secret(String name) {
        return name.toUpperCase(Locale.ROOT).startsWith(OURS) ? null : System.getenv(name);
    }

    /** Makes functions of what workers register as endpoints. */
    Endpoints endpoints() {
        return endpoints;
    }

    /** Where the worker port hands telemetry to. */
    Telemetry telemetry() {
        return telemetry;
    }

    /** Adds the {@code engine::*} functions and the triggers on what happens in the engine; to be called last of all. */
    void add(Programs programs, Health health) {
        EngineSurface.add(new EngineSurface.Means(
                programs.functions(),
                programs.triggers(),
                programs.workers(),
                programs.channels(),
                logs,
                UUID::randomUUID,
                scheduler,
                InstantSource.system(),
                () -> health.ready().good() ? null : "not everything is served: see /health/ready",
                config.callDeadline(),
                meters::missed,
                programs.reach().elsewhere()));
        new FunctionFormats().describe(programs.functions());
    }

    @Override
    public void close() {
        telemetry.close();
        endpoints.close();
    }
}
