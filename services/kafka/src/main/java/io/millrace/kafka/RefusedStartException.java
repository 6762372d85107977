package io.millrace.kafka;

import org.jspecify.annotations.Nullable;

/** Kafka cannot be used as configured. The message is one sentence for whoever started us: what is wrong, what to do. */
public final class RefusedStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedStartException(String message) {
        super(message);
    }

    RefusedStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
