package io.millrace.web.telemetry;

/** Gets told what becomes of telemetry. Calls come from any thread and must return at once. */
public interface TelemetryEvents {
    /** A frame has come in: {@code traces}, {@code metrics} or {@code logs}. */
    default void taken(String kind) {}

    /** A frame was no telemetry. */
    default void garbled() {}

    /** A frame has reached the OTLP endpoint. */
    default void forwarded() {}

    /** A frame will not reach the OTLP endpoint: too many wait, or it has been refused. */
    default void lost() {}
}
