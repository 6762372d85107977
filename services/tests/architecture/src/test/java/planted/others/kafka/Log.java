package planted.others.kafka;

/** A planted breach. */
public final class Log {
    private Log() {}
}
