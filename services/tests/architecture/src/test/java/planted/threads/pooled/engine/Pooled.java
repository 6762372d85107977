package planted.threads.pooled.engine;

/** A planted breach. */
final class Pooled {
    private Pooled() {}

    static java.util.concurrent.ExecutorService wrong() {
        return java.util.concurrent.Executors.newCachedThreadPool();
    }
}
