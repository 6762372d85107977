package io.millrace.engine.write;

import io.millrace.core.address.Unit;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Where mutations are submitted, whoever owns their partition. */
@FunctionalInterface
public interface Mutations {
    /**
     * Has a mutation decided by its owner and, if it changes anything, committed. Tries again under the same mutation id
     * while the owner is away or the outcome in doubt, until the deadline.
     *
     * @return completes with the reply once the change is durable and every later read sees it; fails with
     *     {@link UnavailableException} at the deadline: unless its message says otherwise the outcome is unknown, and
     *     asking again with the same mutation id is safe
     */
    CompletionStage<Reply> submit(Mutation mutation, Instant deadline);

    /**
     * The offset of the last record of a unit's partition that is known here to be committed: at least that of every
     * change acknowledged here by the partition's present owner. -1 where nothing is known, as this node does not own it.
     */
    default long committed(Unit unit) {
        return -1;
    }
}
