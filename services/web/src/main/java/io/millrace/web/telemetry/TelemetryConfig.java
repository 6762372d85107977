package io.millrace.web.telemetry;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where telemetry of programs goes.
 *
 * @param endpoint of an OTLP collector that takes JSON over HTTP, without {@code /v1/traces}; null for none
 * @param queueBytes the most that waits to be sent there; beyond it, the oldest is lost
 * @param requestTimeout how long one request may take; default 10 s
 * @param firstBackOff how long to wait before a second attempt, and twice as long before each further one; default 1 s
 */
public record TelemetryConfig(@Nullable URI endpoint, int queueBytes, Duration requestTimeout, Duration firstBackOff) {
    /** With the usual times. */
    public static TelemetryConfig to(@Nullable URI endpoint, int queueBytes) {
        return new TelemetryConfig(endpoint, queueBytes, Duration.ofSeconds(10), Duration.ofSeconds(1));
    }
}
