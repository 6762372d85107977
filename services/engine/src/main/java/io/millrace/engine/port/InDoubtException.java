package io.millrace.engine.port;

/** The outcome of a transaction is unknown until the log is fenced and read again. */
public final class InDoubtException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says which partition, the cause what failed. */
    public InDoubtException(String message, Throwable cause) {
        super(message, cause);
    }
}
