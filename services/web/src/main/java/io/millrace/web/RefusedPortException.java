package io.millrace.web;

/** A port that cannot be listened on. The message is one sentence for whoever started us: what is wrong, what to do. */
public final class RefusedPortException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says so.
     *
     * @param setting the name of the setting that chooses the port
     */
    public RefusedPortException(String host, int port, String setting, Throwable cause) {
        super(
                "port " + port + " on " + host + " cannot be listened on (" + reason(cause)
                        + "): stop the program that has it, or choose another with " + setting + ".",
                cause);
    }

    private static String reason(Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }
}
