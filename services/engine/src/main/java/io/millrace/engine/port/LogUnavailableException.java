package io.millrace.engine.port;

/** The log cannot be reached now. Nothing has changed; the same call may succeed later. */
public final class LogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says which partition, the cause what failed. */
    public LogUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
