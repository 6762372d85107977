package io.millrace.engine.peer;

/** The other side answered that it could not do what was asked, for instance since it is of another version. */
public final class PeerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message is the other side's, for logs. */
    public PeerFailedException(String message) {
        super(message, null, false, false);
    }
}
