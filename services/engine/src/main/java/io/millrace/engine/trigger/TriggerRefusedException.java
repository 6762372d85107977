package io.millrace.engine.trigger;

/** A binding that its type does not take. The message is for whoever registered it. */
public final class TriggerRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What most refusals are called. */
    public static final String CODE = "trigger_registration_failed";

    private final String code;

    /** A refusal with the usual code. */
    public TriggerRefusedException(String message) {
        this(CODE, message);
    }

    /** A refusal with a code of its own. */
    public TriggerRefusedException(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** For programs. */
    public String code() {
        return code;
    }

    /** For people. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
