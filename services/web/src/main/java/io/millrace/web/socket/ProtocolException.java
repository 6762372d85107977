package io.millrace.web.socket;

/** A peer did what RFC 6455 or our limits forbid: the socket is to be closed with {@link #code()}. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    /** A breach. */
    public ProtocolException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** The close code. */
    public int code() {
        return code;
    }

    /** The reason for the close frame, at most 123 bytes of ASCII. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
