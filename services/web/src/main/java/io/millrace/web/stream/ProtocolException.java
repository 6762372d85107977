package io.millrace.web.stream;

/** A peer did what RFC 6455 or our limits forbid: the socket is to be closed with {@link #code()}. */
final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    ProtocolException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The reason for the close frame, at most 123 bytes of ASCII. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
