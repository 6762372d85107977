package io.millrace.engine.peer;

/** No answer came, and none will. Whether what was asked has been done is unknown. */
public final class PeerLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message is a phrase such as {@code connection to node b is gone}. */
    public PeerLostException(String message) {
        super(message, null, false, false);
    }
}
