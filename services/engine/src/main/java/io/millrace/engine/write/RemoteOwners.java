package io.millrace.engine.write;

import io.millrace.core.address.Space;
import io.millrace.core.change.Mutation;
import org.jspecify.annotations.Nullable;

/** The owners of partitions at other nodes, as far as they are known. Calls may come from any thread. */
public interface RemoteOwners {
    /** The offset of the barrier since which another node serves a partition; -1 if none is known to. */
    long servesSince(Space space, int partition);

    /**
     * Hands a mutation to the owner at another node, once.
     *
     * @param deadlineMicros a mutation not decided by then is refused unseen
     * @param caller gets the reply, or an {@link UnavailableException}: then it may have taken effect, and asking the owner
     *     again under the same mutation id is safe
     */
    void submit(int partition, Mutation mutation, long deadlineMicros, Caller caller);

    /**
     * The offset of the last record of a partition that owners at other nodes have said to be committed: at least that of
     * every change acknowledged through this; -1 if none.
     */
    long committedOffset(Space space, int partition);

    /** Whether another node is known to have taken a partition over later than this node's writer, if there is one. */
    default boolean isAhead(Space space, int partition, @Nullable PartitionWriter here) {
        long since = servesSince(space, partition);
        return since >= 0 && (here == null || here.servesSince() < since);
    }

    /** There are no other nodes. */
    static RemoteOwners none() {
        return new NoRemoteOwners();
    }
}
