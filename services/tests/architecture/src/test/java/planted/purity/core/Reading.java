package planted.purity.core;

/** A planted breach. */
final class Reading {
    static final Class<?> WRONG = java.net.Socket.class;

    private Reading() {}
}
