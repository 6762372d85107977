package io.millrace.engine.function;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A call of a function.
 *
 * @param functionId for instance {@code state::set}
 * @param payload what the caller gives, usually an object
 * @param deadline when the caller stops waiting
 * @param traceParent the caller's W3C trace context, if any
 */
public record Invocation(
        String functionId,
        JsonNode payload,
        Instant deadline,
        @Nullable String traceParent) {}
