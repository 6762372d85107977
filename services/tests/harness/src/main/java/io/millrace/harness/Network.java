package io.millrace.harness;

/** Places to run processes at, and the ways between them. */
public interface Network extends AutoCloseable {
    /** A place of its own. The test itself can always reach it. */
    Host host(String name);

    /** Whether ways can be cut. */
    boolean canBeCut();

    /** Nothing that one host sends to the other arrives any more, silently; what the other sends does. */
    void cut(Host from, Host to);

    /** All ways are open again. */
    void mend();

    @Override
    void close();

    /** Network namespaces where this machine allows them; else its loopback address, for all, which cannot be cut. */
    static Network open() {
        try {
            return Namespaces.open();
        } catch (IllegalStateException | java.io.UncheckedIOException e) {
            System.out.println("NETWORK FAULTS ARE LEFT OUT: no network namespaces here (" + e.getMessage() + ")");
            return new Loopback();
        }
    }

    /** Everything on this machine's loopback address. */
    final class Loopback implements Network {
        @Override
        public Host host(String name) {
            return new Host(name, Host.LOOPBACK.address(), Host.LOOPBACK.entering());
        }

        @Override
        public boolean canBeCut() {
            return false;
        }

        @Override
        public void cut(Host from, Host to) {
            throw new IllegalStateException("loopback: cannot be cut (expected: network namespaces)");
        }

        @Override
        public void mend() {}

        @Override
        public void close() {}
    }
}
