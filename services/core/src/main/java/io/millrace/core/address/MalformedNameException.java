package io.millrace.core.address;

/** A name that cannot be part of an address. The message names the field and says why. */
public final class MalformedNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedNameException(String message) {
        super(message);
    }
}
