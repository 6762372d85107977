package planted.threads.started.engine;

/** A planted breach. */
final class Started {
    private Started() {}

    static void wrong(Runnable task) {
        Thread.ofVirtual().start(task);
    }
}
