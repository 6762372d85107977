package io.millrace.web.listen;

/** A port cannot be listened on. The message is one sentence that says what to do. */
public final class PortTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTakenException(Bind bind, String why, Throwable cause) {
        super(
                "port " + bind.port() + " is taken (" + bind.host() + ": " + why + "): stop the other program or set "
                        + bind.key(),
                cause);
    }
}
