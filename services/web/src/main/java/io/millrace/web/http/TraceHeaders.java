package io.millrace.web.http;

import io.millrace.engine.function.Invocation;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trace a request belongs to, if it says so in the words of W3C. What is not well-formed is left out. */
final class TraceHeaders {
    private static final HttpString TRACE_PARENT = new HttpString("traceparent");
    private static final HttpString BAGGAGE = new HttpString("baggage");
    /** Version ff and ids of nothing but zeros are invalid; later versions may add fields. */
    private static final Pattern VALID = Pattern.compile(
            "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\\x21-\\x7e]{1,200})?");

    private static final int BAGGAGE_MAX = 8_192;

    private TraceHeaders() {}

    static Invocation.Context context(HeaderMap headers) {
        return new Invocation.Context(traceParent(headers.getFirst(TRACE_PARENT)), baggage(headers), null, null);
    }

    private static @Nullable String traceParent(@Nullable String given) {
        return given == null || !VALID.matcher(given).matches() ? null : given;
    }

    private static @Nullable String baggage(HeaderMap headers) {
        if (!headers.contains(BAGGAGE)) {
            return null;
        }
        String given = String.join(",", headers.get(BAGGAGE));
        return given.isBlank() || given.length() > BAGGAGE_MAX || !UserHeaders.isVisible(given) ? null : given;
    }
}
