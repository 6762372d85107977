package io.millrace.engine.function;

import io.millrace.core.value.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function.
 *
 * @param functionId for instance {@code state::set}
 * @param payload what the caller gives, usually an object
 * @param deadline when the caller stops waiting; {@link Instant#MAX} if never
 * @param context what comes along with the payload
 */
public record Invocation(String functionId, Json payload, Instant deadline, Context context) {
    /** A call with nothing beside its payload. */
    public Invocation(String functionId, Json payload, Instant deadline) {
        this(functionId, payload, deadline, Context.NONE);
    }

    /**
     * What comes along with a payload.
     *
     * @param traceParent W3C trace context of the caller
     * @param baggage W3C baggage of the caller
     * @param metadata what the trigger or the caller adds for the function, any JSON
     * @param callerWorkerId the connected worker that calls; null for everyone else. A worker that is called finds it in an
     *     object payload as {@code _caller_worker_id}
     */
    public record Context(
            @Nullable String traceParent,
            @Nullable String baggage,
            @Nullable Json metadata,
            @Nullable String callerWorkerId) {
        /** Nothing. */
        public static final Context NONE = new Context(null, null, null, null);

        /** Only a trace, perhaps. */
        public static Context traced(@Nullable String traceParent) {
            return traceParent == null ? NONE : new Context(traceParent, null, null, null);
        }

        /** The same with other metadata. */
        public Context withMetadata(@Nullable Json given) {
            return new Context(traceParent, baggage, given, callerWorkerId);
        }
    }
}
