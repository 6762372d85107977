package io.millrace.loadtest.soak;

import java.net.URI;

/** A node that somebody else has started, and ends. */
record RunningNode(URI gateway, URI workers, URI admin, long pid) implements NodeUnderLoad {
    @Override
    public void killAndRestart() {
        throw new UnsupportedOperationException("kill: not our node (expected: one that we start)");
    }

    @Override
    public void close() {}
}
