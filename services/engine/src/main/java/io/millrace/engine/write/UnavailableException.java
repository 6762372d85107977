package io.millrace.engine.write;

/**
 * A call that cannot be served now and may be repeated, a mutation with the same mutation id. The message says why in one
 * phrase, for the caller.
 */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message is a phrase such as {@code partition 3 has no owner here}. */
    public UnavailableException(String message) {
        super(message, null, false, false);
    }
}
