package io.millrace.engine.write;

/** Results that nobody waits for any more. */
final class Unwanted {
    private Unwanted() {}

    /** Closes what can be closed. */
    static void close(Object result) {
        if (result instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing what nobody waits for any more", e);
            }
        }
    }
}
