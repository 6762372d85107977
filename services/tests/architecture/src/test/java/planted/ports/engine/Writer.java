package planted.ports.engine;

/** A planted breach. */
final class Writer {
    static final Class<?> WRONG = planted.ports.kafka.Broker.class;

    private Writer() {}
}
