package io.millrace.engine.read;

import io.millrace.core.address.KeyPrefix;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.engine.port.StoreClosedException;
import io.millrace.engine.write.CommittedView;
import io.millrace.engine.write.PartitionWriter;
import io.millrace.engine.write.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Reading a partition that this node owns, once. Stages fail as the writer's do. */
public final class OwnReads {
    private OwnReads() {}

    /** An exact snapshot of a part of the partition. */
    public static CompletionStage<Cut> cut(PartitionWriter owner, RecordKey from, @Nullable RecordKey to) {
        return owner.between(view -> take(view, from, to));
    }

    private static Cut take(CommittedView view, RecordKey from, @Nullable RecordKey to) {
        // The overlay before the store: what leaves the one is in the other.
        NavigableMap<RecordKey, Current> overlay = view.overlay(from, to);
        return new Cut(view.position(), view.version(), overlay, view.store().scan(from, to));
    }

    /** Every unit that holds a value. Jumps from one to the next on {@code scans}: a cut each, asked for its first value. */
    public static CompletionStage<List<Unit>> units(PartitionWriter owner, Space space, Executor scans) {
        KeyPrefix all = KeyPrefix.ofAll(space);
        return unitsFrom(owner, all.first(), all.after(), scans, new ArrayList<>());
    }

    private static CompletionStage<List<Unit>> unitsFrom(
            PartitionWriter owner, RecordKey from, @Nullable RecordKey end, Executor scans, List<Unit> found) {
        return cut(owner, from, end)
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
                                    : unitsFrom(owner, next, end, scans, found);
                        },
                        scans);
    }

    private static @Nullable Unit firstUnit(Cut cut) {
        try (cut) {
            return cut.hasNext() ? cut.next().key().address().unit() : null;
        } catch (StoreClosedException e) {
            throw new UnavailableException("the partition is changing its owner");
        }
    }
}
