package io.millrace.engine.write;

import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Brings mutations to the owner of their partition, again and again under the same mutation id until it can tell. */
public final class WritePath implements Mutations {
    private static final String AT_DEADLINE =
            "no answer until the deadline; whether it took effect is unknown, ask again with the same mutation_id";

    private final Owners owners;
    private final RemoteOwners remote;
    private final Retries retries;

    /** Finds owners on this node only. */
    public WritePath(Owners owners, Retries retries) {
        this(owners, RemoteOwners.none(), retries);
    }

    /** Finds owners on this node and on others. */
    public WritePath(Owners owners, RemoteOwners remote, Retries retries) {
        this.owners = owners;
        this.remote = remote;
        this.retries = retries;
    }

    @Override
    public CompletionStage<Reply> submit(Mutation mutation, Instant deadline) {
        Unit unit = mutation.address().unit();
        Space space = unit.space();
        Call call = new Call(mutation, deadline, space, unit.partition(owners.partitions(space)));
        retries.watch(call);
        call.attempt(Retries.firstPause());
        return call;
    }

    @Override
    public long committed(Unit unit) {
        int partition = unit.partition(owners.partitions(unit.space()));
        PartitionWriter owner = owners.owner(unit.space(), partition);
        long elsewhere = remote.committedOffset(unit.space(), partition);
        return owner == null ? elsewhere : Math.max(owner.committedOffset(), elsewhere);
    }

    /** One call: what its caller waits for and what the owner answers, in one object since there are so many. */
    private final class Call extends Limited<Reply> implements Caller {
        private final Mutation mutation;
        private final Space space;
        private final int partition;
        private Duration pause = Duration.ZERO;

        Call(Mutation mutation, Instant deadline, Space space, int partition) {
            super(deadline, AT_DEADLINE);
            this.mutation = mutation;
            this.space = space;
            this.partition = partition;
        }

        void attempt(Duration pauseIfInVain) {
            if (isDone()) {
                return;
            }
            pause = pauseIfInVain;
            PartitionWriter owner = owners.owner(space, partition);
            if (remote.isAhead(space, partition, owner)) {
                remote.submit(partition, mutation, deadlineMicros(), this);
            } else if (owner == null) {
                failed(Owners.missing(space, partition));
            } else {
                owner.submit(mutation, deadlineMicros(), this);
            }
        }

        @Override
        public void answered(Reply reply) {
            retries.succeeded(this, reply);
        }

        @Override
        public void failed(Throwable cause) {
            retries.failed(this, cause, pause, this::attempt);
        }
    }
}
