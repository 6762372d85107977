package io.millrace.testkit;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Change;
import io.millrace.core.change.Current;
import io.millrace.core.change.Frames;
import io.millrace.core.change.Mutation;
import io.millrace.core.change.MutationId;
import io.millrace.core.change.Reply;
import io.millrace.core.change.Version;
import io.millrace.core.value.Json;
import io.millrace.testkit.SimulatedPartition.Committed;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;

/** Holds the logs, the copies and what clients were told against the laws. */
final class Laws {
    private final SimulatedFleet fleet;
    private final History history;

    Laws(SimulatedFleet fleet, History history) {
        this.fleet = fleet;
        this.history = history;
    }

    /** L3 at any moment: every copy is the fold of its log. */
    void checkStores() {
        fleet.eachStore((partition, nextOffset, frames) -> {
            NavigableMap<RecordKey, Json> expected = partition.fold(nextOffset - 1);
            Law.L3.check(
                    expected.equals(frames),
                    () -> "store of partition " + partition.number() + " before " + nextOffset + ": " + frames
                            + " (expected: " + expected + ")");
        });
    }

    /** Everything that can be told from the logs once all is quiet. */
    void checkLogs() {
        Map<MutationId, Change> changes = new HashMap<>();
        for (SimulatedPartition partition : fleet.partitions()) {
            checkLog(partition, changes);
        }
        history.told().forEach((id, told) -> checkTold(told.mutation(), told.reply(), changes.get(id)));
    }

    private static void checkLog(SimulatedPartition partition, Map<MutationId, Change> changes) {
        Map<Address, Change> last = new HashMap<>();
        Version lastVersion = Version.NONE;
        int lastEpoch = 0;
        for (Committed committed : partition.committed()) {
            int epoch = committed.epoch();
            int atLeast = lastEpoch;
            Law.L10.check(
                    epoch >= atLeast,
                    () -> "offset " + committed.offset() + " is of owner " + epoch + " (expected: " + atLeast
                            + " or later)");
            lastEpoch = epoch;
            if (committed.record().isTombstone()) {
                continue;
            }
            Change change = committed.record().change();
            Version before = lastVersion;
            Law.L2.check(
                    change.version().compareTo(before) > 0,
                    () -> "version " + change.version() + " after " + before + " (expected: a later one)");
            lastVersion = change.version();
            checkChain(last.put(change.address(), change), change);
            Change twice = changes.put(change.mutationId(), change);
            Law.L4.check(twice == null, () -> "mutation " + change.mutationId() + " took effect twice");
        }
    }

    /** Every change was decided upon the very one before it. */
    private static void checkChain(@org.jspecify.annotations.Nullable Change before, Change change) {
        Json expected = before == null ? null : before.newValue();
        Law.L2.check(
                Objects.equals(expected, change.oldValue()),
                () -> "old value of " + change + " (expected: " + expected + ")");
        if (before != null && change.address().space() == io.millrace.core.address.Space.STREAM) {
            Law.L2.check(
                    change.version().timestampMs() > before.version().timestampMs(),
                    () -> "timestamp of " + change + " (expected: after " + before.version() + ")");
        }
    }

    private static void checkTold(Mutation mutation, Reply reply, @org.jspecify.annotations.Nullable Change change) {
        switch (reply) {
            case Reply.Done done -> {
                if (done.version().equals(Version.NONE)) {
                    Law.L5.check(change == null, () -> mutation + " changed nothing, but the log has " + change);
                } else {
                    Law.L1.check(change != null, () -> mutation + " was acknowledged and is not in the log");
                    Law.L4.check(
                            change != null && done.equals(change.reply()),
                            () -> mutation + " was told " + done + " (expected: as in the log, " + change + ")");
                }
            }
            case Reply.VersionConflict conflict ->
                Law.L5.check(change == null, () -> mutation + " was refused with " + conflict + ", but the log has it");
            case Reply.ValueTooLarge ignored ->
                Law.L5.check(change == null, () -> mutation + " was too large, but the log has it");
        }
    }

    /** Once all is quiet: the values are what the counters were told to be. */
    long countedIncrements() {
        long sum = 0;
        for (SimulatedPartition partition : fleet.partitions()) {
            for (Json frame : partition.fold(partition.lastStableOffset() - 1).values()) {
                if (Frames.current(partition.space(), frame.utf8()) instanceof Current.Present present
                        && present.value().tree().path("n").isIntegralNumber()) {
                    sum += present.value().tree().path("n").longValue();
                }
            }
        }
        return sum;
    }

    /** How many increments were acknowledged. */
    long acknowledgedIncrements() {
        return history.told().values().stream()
                .filter(told -> told.mutation().ask() instanceof Mutation.Update)
                .count();
    }
}
