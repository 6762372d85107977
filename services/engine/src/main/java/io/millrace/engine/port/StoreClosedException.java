package io.millrace.engine.port;

/** The local copy of a partition has been given up. Ask again: this node or another will have it. */
public final class StoreClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says which partition; the cause, if any, how it was noticed. */
    public StoreClosedException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }
}
