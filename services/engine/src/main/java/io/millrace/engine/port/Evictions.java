package io.millrace.engine.port;

import java.util.concurrent.CompletionStage;

/** Takes nodes that are dead out of the groups they are members of, so that others need not wait for their sessions to end. */
@FunctionalInterface
public interface Evictions {
    /**
     * Takes a node out of every group it is a member of. Harmless if it lives: it joins again, and whatever it wrote
     * meanwhile as an owner is decided by the fence.
     *
     * @return how many memberships were ended; fails with {@link LogUnavailableException}
     */
    CompletionStage<Integer> evict(String node);
}
