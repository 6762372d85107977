package planted.strangers.kafka;

/** A planted breach. */
final class Log {
    static final Class<?> WRONG = planted.strangers.web.Socket.class;

    private Log() {}
}
