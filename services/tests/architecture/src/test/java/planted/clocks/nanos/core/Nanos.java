package planted.clocks.nanos.core;

/** A planted breach. */
final class Nanos {
    private Nanos() {}

    static long wrong() {
        return System.nanoTime();
    }
}
