package planted.clocks.uuid.engine;

/** A planted breach. */
final class Ids {
    private Ids() {}

    static java.util.UUID wrong() {
        return java.util.UUID.randomUUID();
    }
}
