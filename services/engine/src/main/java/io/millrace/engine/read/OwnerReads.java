package io.millrace.engine.read;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.Retries;
import io.millrace.engine.write.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads at the owners, on this node or another, again and again until they can answer. */
public final class OwnerReads implements Reads {
    private static final String AT_DEADLINE = "the owner could not be read until the deadline";

    private final Owners owners;
    private final @Nullable RemoteReads remote;
    private final @Nullable Copies copies;
    private final Retries retries;
    private final Executor scans;

    /** Reads at the owners on this node only; looks through many keys on {@code scans}. */
    public OwnerReads(Owners owners, Retries retries, Executor scans) {
        this(owners, null, null, retries, scans);
    }

    /**
     * Reads at the owners on this node and on others.
     *
     * @param remote null if there are no others
     * @param copies null if there are none but the owners'
     * @param scans what looks through many keys, and may wait
     */
    public OwnerReads(
            Owners owners, @Nullable RemoteReads remote, @Nullable Copies copies, Retries retries, Executor scans) {
        this.owners = owners;
        this.remote = remote;
        this.copies = copies;
        this.retries = retries;
        this.scans = scans;
    }

    @Override
    public CompletionStage<Current> get(Address address, Instant deadline) {
        Space space = address.space();
        int partition = address.unit().partition(owners.partitions(space));
        return retries.until(deadline, AT_DEADLINE, () -> {
            PartitionWriter owner = owners.owner(space, partition);
            return remote != null && remote.isAhead(space, partition, owner)
                    ? remote.get(partition, address, deadline)
                    : CompletableFuture.completedFuture(
                            Owners.require(owner, space, partition).get(address));
        });
    }

    @Override
    public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        Space space = unit.space();
        int partition = unit.partition(owners.partitions(space));
        return retries.until(deadline, AT_DEADLINE, () -> {
            PartitionWriter owner = owners.owner(space, partition);
            return remote != null && remote.isAhead(space, partition, owner)
                    ? remote.cut(space, partition, from, to, deadline)
                    : OwnReads.cut(Owners.require(owner, space, partition), from, to);
        });
    }

    @Override
    public CompletionStage<Sighting> cutOrCopy(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        if (copies == null) {
            return Reads.super.cutOrCopy(unit, from, to, deadline);
        }
        int partition = unit.partition(owners.partitions(unit.space()));
        Copies others = copies;
        return unlessUnavailable(
                cut(unit, from, to, others.patience(deadline)).thenApply(Sighting::ofOwner),
                () ->
                        // Where there is no copy either, the owner may come back.
                        unlessUnavailable(
                                others.freshest(unit.space(), partition, from, to, deadline),
                                () -> cut(unit, from, to, deadline).thenApply(Sighting::ofOwner)));
    }

    private static CompletionStage<Sighting> unlessUnavailable(
            CompletionStage<Sighting> first, Supplier<CompletionStage<Sighting>> second) {
        return first.exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : failure;
            return cause instanceof UnavailableException ? second.get() : CompletableFuture.failedStage(cause);
        });
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
        CompletionStage<List<Unit>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (int i = 0; i < owners.partitions(space); i++) {
            int partition = i;
            CompletionStage<List<Unit>> some =
                    retries.until(deadline, AT_DEADLINE, () -> units(space, partition, deadline));
            all = all.thenCombine(some, OwnerReads::joined);
        }
        return all;
    }

    private CompletionStage<List<Unit>> units(Space space, int partition, Instant deadline) {
        PartitionWriter owner = owners.owner(space, partition);
        return remote != null && remote.isAhead(space, partition, owner)
                ? remote.units(space, partition, deadline)
                : OwnReads.units(Owners.require(owner, space, partition), space, scans);
    }

    private static List<Unit> joined(List<Unit> some, List<Unit> more) {
        List<Unit> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
