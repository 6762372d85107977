package planted.threads.borrowed.core;

/** A planted breach. */
final class Borrowed {
    private Borrowed() {}

    static java.util.concurrent.CompletableFuture<Void> wrong(Runnable task) {
        return java.util.concurrent.CompletableFuture.runAsync(task);
    }
}
