package io.millrace.engine.worker;

import io.millrace.core.value.Json;
import io.millrace.engine.function.Provider;

/** Makes functions of HTTP endpoints. */
@FunctionalInterface
public interface Endpoints {
    /**
     * The endpoint that an {@code invocation} object describes.
     *
     * @param workerId the worker that registers it
     * @throws RefusedException if it is none, or a secret it names is not there
     */
    Provider endpoint(String workerId, Json invocation);

    /** An endpoint that cannot be called. The message is for our log. */
    final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** A refusal. */
        public RefusedException(String code, String message) {
            super(code + ": " + message, null, false, false);
        }
    }
}
