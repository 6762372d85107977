package io.millrace.loadtest.soak;

import java.net.URI;

/** The node that is loaded and looked at from outside. */
interface NodeUnderLoad extends AutoCloseable {
    /** Where the stream gateway is. */
    URI gateway();

    /** Where workers connect. */
    URI workers();

    /** Where the admin API is. */
    URI admin();

    /** Its process, which is on this machine. */
    long pid();

    /**
     * As {@code kill -9} does, and up again at once.
     *
     * @throws UnsupportedOperationException if it is not ours to start
     */
    void killAndRestart();

    @Override
    void close();
}
