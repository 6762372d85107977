package io.millrace.engine.write;

import io.millrace.core.address.Space;
import io.millrace.core.change.Mutation;

/** A node that is alone. */
final class NoRemoteOwners implements RemoteOwners {
    @Override
    public long servesSince(Space space, int partition) {
        return -1;
    }

    @Override
    public void submit(int partition, Mutation mutation, long deadlineMicros, Caller caller) {
        caller.failed(Owners.missing(mutation.address().space(), partition));
    }

    @Override
    public long committedOffset(Space space, int partition) {
        return -1;
    }
}
