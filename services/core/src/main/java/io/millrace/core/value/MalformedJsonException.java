package io.millrace.core.value;

/** Text that is not a JSON document within the limits. The message says what is wrong and where. */
public final class MalformedJsonException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message);
    }
}
