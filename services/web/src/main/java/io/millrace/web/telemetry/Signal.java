package io.millrace.web.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of telemetry. */
enum Signal {
    TRACES("OTLP", "resourceSpans"),
    METRICS("MTRC", "resourceMetrics"),
    LOGS("LOGS", "resourceLogs");

    static final int MARK_BYTES = 4;

    private final String mark;
    private final String field;

    Signal(String mark, String field) {
        this.mark = mark;
        this.field = field;
    }

    /** What the frame's first letters say. */
    static @Nullable Signal of(byte[] frame) {
        if (frame.length < MARK_BYTES) {
            return null;
        }
        String mark = new String(frame, 0, MARK_BYTES, StandardCharsets.US_ASCII);
        for (Signal signal : values()) {
            if (signal.mark.equals(mark)) {
                return signal;
            }
        }
        return null;
    }

    /** What a request of this kind holds. */
    String field() {
        return field;
    }

    /** {@code traces}, {@code metrics} or {@code logs}. */
    String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
