package io.millrace.web.telemetry;

import io.millrace.core.value.JsonReader;
import io.millrace.core.value.MalformedJsonException;
import io.millrace.engine.surface.Logs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes telemetry in: log records go to {@link Logs}, and all of it to an OTLP endpoint if there is one. */
public final class TelemetryIntake implements Telemetry, AutoCloseable {
    private static final int MAX_DEPTH = 128;

    private final JsonReader reader = new JsonReader(MAX_DEPTH);
    private final Logs logs;
    private final TelemetryEvents events;
    private final @Nullable OtlpForward forward;

    private TelemetryIntake(Logs logs, TelemetryEvents events, @Nullable OtlpForward forward) {
        this.logs = logs;
        this.events = events;
        this.forward = forward;
    }

    /** Begins to send to the endpoint of {@code config}, if it names one. */
    public static TelemetryIntake open(TelemetryConfig config, Logs logs, TelemetryEvents events) {
        OtlpForward forward = config.endpoint() == null ? null : new OtlpForward(config.endpoint(), config, events);
        return new TelemetryIntake(logs, events, forward);
    }

    @Override
    public void accept(byte[] frame) {
        Signal signal = Signal.of(frame);
        if (signal == null) {
            events.garbled();
            return;
        }
        if (signal != Signal.LOGS && forward == null) {
            // Nobody wants to know: not worth reading.
            events.taken(signal.path());
            return;
        }
        byte[] body = Arrays.copyOfRange(frame, Signal.MARK_BYTES, frame.length);
        JsonNode request = read(signal, body);
        if (request == null) {
            events.garbled();
            return;
        }
        events.taken(signal.path());
        if (signal == Signal.LOGS) {
            OtlpLogs.of(request).forEach(logs::add);
        }
        if (forward != null) {
            forward.offer(signal, body);
        }
    }

    private @Nullable JsonNode read(Signal signal, byte[] body) {
        try {
            JsonNode request = reader.tree(body);
            return request.path(signal.field()).isArray() ? request : null;
        } catch (MalformedJsonException e) {
            return null;
        }
    }

    @Override
    public void close() {
        if (forward != null) {
            forward.close();
        }
    }
}
