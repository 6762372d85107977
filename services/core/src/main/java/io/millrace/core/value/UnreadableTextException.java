package io.millrace.core.value;

/** Text on the log or in a store that is not what we write: an alarm, never to be skipped. */
public final class UnreadableTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says what was found and what was expected. */
    public UnreadableTextException(String message) {
        super(message);
    }
}
