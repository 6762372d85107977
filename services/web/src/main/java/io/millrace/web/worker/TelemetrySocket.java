package io.millrace.web.worker;

import io.millrace.web.socket.MessageSocket;
import io.millrace.web.telemetry.Telemetry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A connection that only carries telemetry. It gets no answers; whatever else comes is ignored. */
record TelemetrySocket(Telemetry telemetry) implements MessageSocket.Listener {
    private static final int PREFIX_BYTES = 4;
    private static final List<String> PREFIXES = List.of("OTLP", "MTRC", "LOGS");

    static boolean isTelemetry(byte[] payload) {
        return payload.length >= PREFIX_BYTES
                && PREFIXES.contains(new String(payload, 0, PREFIX_BYTES, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void message(boolean text, byte[] payload) {
        if (!text && isTelemetry(payload)) {
            telemetry.accept(payload);
        }
    }
}
