package io.millrace.core.update;

/** An op that cannot be read: unknown type, missing or ill-typed field. The whole request is refused. */
public final class MalformedOpException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedOpException(String message) {
        super(message);
    }
}
