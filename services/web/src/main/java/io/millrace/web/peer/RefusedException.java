package io.millrace.web.peer;

/** Two nodes do not come together. The message is a phrase that says why. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String why;

    RefusedException(String why) {
        super(why, null, false, false);
        this.why = why;
    }

    String why() {
        return why;
    }
}
