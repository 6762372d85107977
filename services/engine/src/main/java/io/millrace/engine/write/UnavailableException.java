package io.millrace.engine.write;

/**
 * A call that cannot be served now and may be repeated, a mutation with the same mutation id. The message says why in one
 * phrase, for the caller.
 */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean worthWaiting;

    /** The message is a phrase such as {@code partition 3 of state has no owner here}. */
    public UnavailableException(String message) {
        this(message, true);
    }

    private UnavailableException(String message, boolean worthWaiting) {
        super(message, null, false, false);
        this.worthWaiting = worthWaiting;
    }

    /** Too much is waiting already: the caller is to be told at once, so that it slows down. */
    public static UnavailableException overloaded(String message) {
        return new UnavailableException(message, false);
    }

    /** Whether the edge should keep trying until the caller's deadline. */
    public boolean worthWaiting() {
        return worthWaiting;
    }
}
