package io.millrace.web.worker;

import org.jspecify.annotations.Nullable;

/** Takes what workers measure, trace and log. Calls come on I/O threads and must return at once. */
@FunctionalInterface
public interface TelemetryFrames {
    /** Takes nothing. */
    TelemetryFrames IGNORED = (frame, workerId) -> {};

    /**
     * Takes one frame.
     *
     * @param frame {@code OTLP}, {@code MTRC} or {@code LOGS} in ASCII, then OTLP as JSON; not checked any further
     * @param workerId the worker that sent it on its own socket; null for what came on {@code /otel}
     */
    void received(byte[] frame, @Nullable String workerId);
}
