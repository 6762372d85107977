package planted.ports.kafka;

/** A planted breach. */
public final class Broker {
    private Broker() {}
}
