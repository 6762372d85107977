package io.millrace.engine.read;

import io.millrace.core.address.Address;
import io.millrace.core.address.KeyPrefix;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.engine.write.CommittedView;
import io.millrace.engine.write.Owners;
import io.millrace.engine.write.Retries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Reads at the owners on this node, again and again until they can answer. */
public final class OwnerReads implements Reads {
    private static final String AT_DEADLINE = "the owner could not be read until the deadline";

    private final Owners owners;
    private final Retries retries;
    private final Executor scans;

    /** Looks through many keys on {@code scans}. */
    public OwnerReads(Owners owners, Retries retries, Executor scans) {
        this.owners = owners;
        this.retries = retries;
        this.scans = scans;
    }

    @Override
    public CompletionStage<Current> get(Address address, Instant deadline) {
        Space space = address.space();
        int partition = address.unit().partition(owners.partitions(space));
        return retries.until(
                deadline,
                AT_DEADLINE,
                () -> CompletableFuture.completedFuture(
                        Owners.require(owners, space, partition).get(address)));
    }

    @Override
    public CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        int partition = unit.partition(owners.partitions(unit.space()));
        return cut(unit.space(), partition, from, to, deadline);
    }

    private CompletionStage<Cut> cut(
            Space space, int partition, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        return retries.until(
                deadline,
                AT_DEADLINE,
                () -> Owners.require(owners, space, partition).between(view -> take(view, from, to)));
    }

    private static Cut take(CommittedView view, RecordKey from, @Nullable RecordKey to) {
        // The overlay before the store: what leaves the one is in the other.
        NavigableMap<RecordKey, Current> overlay = view.overlay(from, to);
        return new Cut(view.position(), view.version(), overlay, view.store().scan(from, to));
    }

    @Override
    public CompletionStage<List<Unit>> units(Space space, Instant deadline) {
        CompletionStage<List<Unit>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (int i = 0; i < owners.partitions(space); i++) {
            int partition = i;
            KeyPrefix prefix = KeyPrefix.ofAll(space);
            CompletionStage<List<Unit>> some = unitsFrom(space, partition, prefix.first(), deadline, new ArrayList<>());
            all = all.thenCombine(some, OwnerReads::joined);
        }
        return all;
    }

    /** Jumps from unit to unit: a cut for each, which is asked for its first value only. */
    private CompletionStage<List<Unit>> unitsFrom(
            Space space, int partition, RecordKey from, Instant deadline, List<Unit> found) {
        RecordKey end = KeyPrefix.ofAll(space).after();
        return cut(space, partition, from, end, deadline)
                .thenComposeAsync(
                        cut -> {
                            Unit unit = firstUnit(cut);
                            if (unit == null) {
                                return CompletableFuture.completedFuture(found);
                            }
                            found.add(unit);
                            RecordKey next = unit.prefix().after();
                            return next == null
                                    ? CompletableFuture.completedFuture(found)
                                    : unitsFrom(space, partition, next, deadline, found);
                        },
                        scans);
    }

    private static @Nullable Unit firstUnit(Cut cut) {
        try (cut) {
            return cut.hasNext() ? cut.next().key().address().unit() : null;
        }
    }

    private static List<Unit> joined(List<Unit> some, List<Unit> more) {
        List<Unit> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
