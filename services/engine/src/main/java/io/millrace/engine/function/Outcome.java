package io.millrace.engine.function;

import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import org.jspecify.annotations.Nullable;

/** What a call came to. */
public sealed interface Outcome {
    /** A result, which may be JSON's null. */
    record Result(Json value) implements Outcome {}

    /** Success without a result: not the same as null. */
    record NoResult() implements Outcome {}

    /**
     * An error.
     *
     * @param code for programs, for instance {@code deserialization_error}
     * @param message for people
     * @param retriable whether the same call may succeed later; a mutation then wants the same mutation id
     * @param currentVersion with {@code VERSION_CONFLICT}, the version that is there ({@link Version#NONE}: no value)
     * @param stacktrace where it happened, if the function said so
     */
    record Failure(
            String code,
            String message,
            boolean retriable,
            @Nullable Version currentVersion,
            @Nullable String stacktrace)
            implements Outcome {
        /** An error without a place. */
        public Failure(String code, String message, boolean retriable, @Nullable Version currentVersion) {
            this(code, message, retriable, currentVersion, null);
        }

        /** An error for good. */
        public Failure(String code, String message) {
            this(code, message, false, null, null);
        }
    }
}
