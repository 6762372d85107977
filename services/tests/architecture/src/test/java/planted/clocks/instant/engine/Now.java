package planted.clocks.instant.engine;

/** A planted breach. */
final class Now {
    private Now() {}

    static java.time.Instant wrong() {
        return java.time.Instant.now();
    }
}
