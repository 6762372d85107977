package io.millrace.engine.function;

/** A payload that is not a request of the function. The message says why, in the words that clients know. */
public final class MalformedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A payload that is wrong for a reason that clients are told as it is. */
    public MalformedRequestException(String message) {
        super(message, null, false, false);
    }

    /** One thing where another one should be. */
    public static MalformedRequestException invalidType(String unexpected, String expected) {
        return new MalformedRequestException("invalid type: " + unexpected + ", expected " + expected);
    }

    static MalformedRequestException invalidValue(String unexpected, String expected) {
        return new MalformedRequestException("invalid value: " + unexpected + ", expected " + expected);
    }

    static MalformedRequestException invalidLength(int length, String expected) {
        return new MalformedRequestException("invalid length " + length + ", expected " + expected);
    }
}
