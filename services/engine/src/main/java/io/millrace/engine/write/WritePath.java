package io.millrace.engine.write;

import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Brings mutations to the owner of their partition, again and again under the same mutation id until it can tell. */
public final class WritePath implements Mutations {
    private static final String AT_DEADLINE =
            "no answer until the deadline; whether it took effect is unknown, ask again with the same mutation_id";

    private final Owners owners;
    private final Retries retries;

    /** Finds owners with {@code owners}. */
    public WritePath(Owners owners, Retries retries) {
        this.owners = owners;
        this.retries = retries;
    }

    @Override
    public CompletionStage<Reply> submit(Mutation mutation, Instant deadline) {
        Unit unit = mutation.address().unit();
        Space space = unit.space();
        int partition = unit.partition(owners.partitions(space));
        long deadlineMicros = Deadlines.micros(deadline);
        return retries.until(
                deadline,
                AT_DEADLINE,
                () -> Owners.require(owners, space, partition).submit(mutation, deadlineMicros));
    }
}
