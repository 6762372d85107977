package io.millrace.web.telemetry;

/** Takes in what programs tell about themselves. Calls come from any thread and return at once. */
@FunctionalInterface
public interface Telemetry {
    /** Takes nothing in. */
    Telemetry NONE = frame -> {};

    /**
     * Takes in a binary frame of the worker port.
     *
     * @param frame four ASCII letters ({@code OTLP} traces, {@code MTRC} metrics, {@code LOGS} logs), then OTLP as UTF-8
     *     JSON; not to be changed any more. Anything else is dropped and counted
     */
    void accept(byte[] frame);
}
