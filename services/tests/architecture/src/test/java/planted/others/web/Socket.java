package planted.others.web;

/** A planted breach. */
final class Socket {
    static final Class<?> WRONG = planted.others.kafka.Log.class;

    private Socket() {}
}
