package io.millrace.core.address;

/** A record key that no reader understands: an alarm, never to be skipped. */
public final class UnreadableKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableKeyException(String message) {
        super(message);
    }
}
