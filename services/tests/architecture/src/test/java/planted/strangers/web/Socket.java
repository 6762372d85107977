package planted.strangers.web;

/** A planted breach. */
public final class Socket {
    private Socket() {}
}
