package io.millrace.engine.port;

/** Another writer has taken the partition over. What was being committed may or may not have been. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says which partition, the cause how it was noticed. */
    public FencedException(String message, Throwable cause) {
        super(message, cause);
    }
}
