package io.millrace.core.change;

import io.millrace.core.address.Space;
import io.millrace.core.update.OpError;
import io.millrace.core.update.UpdateOps;
import io.millrace.core.update.Updated;
import io.millrace.core.value.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mutation and current value to decision. Reads nothing else and changes nothing but the clock.
 *
 * @param maxValueBytes the largest value, as compact JSON
 */
public record Decider(int maxValueBytes) {
    /**
     * Decides one mutation.
     *
     * @param clock of the partition; moved on only when something changes
     */
    public Decision decide(Mutation mutation, Current current, VersionClock clock, long nowMicros) {
        Version expected = mutation.ifVersion();
        if (expected != null && !expected.equals(current.version())) {
            return new Decision(null, new Reply.VersionConflict(current.version()));
        }
        @Nullable
        Json old = switch (current) {
            case Current.Present present -> present.value();
            case Current.Missing ignored -> null;
        };
        return switch (mutation.ask()) {
            case Mutation.Set set ->
                write(mutation, current, old, new Updated(set.value(), List.of()), clock, nowMicros);
            case Mutation.Update update ->
                write(mutation, current, old, UpdateOps.apply(old, update.ops()), clock, nowMicros);
            case Mutation.Delete ignored -> delete(mutation, current, old, clock, nowMicros);
        };
    }

    private Decision write(
            Mutation mutation,
            Current current,
            @Nullable Json old,
            Updated result,
            VersionClock clock,
            long nowMicros) {
        int sizeBytes = result.value().sizeBytes();
        if (sizeBytes > maxValueBytes) {
            return new Decision(null, new Reply.ValueTooLarge(sizeBytes, maxValueBytes));
        }
        Change.Kind kind = old == null ? Change.Kind.CREATED : Change.Kind.UPDATED;
        Version version = version(mutation, current, clock, nowMicros);
        return changed(mutation, version, kind, old, result.value(), result.errors());
    }

    private static Decision delete(
            Mutation mutation, Current current, @Nullable Json old, VersionClock clock, long nowMicros) {
        boolean nothingToTell = old == null && mutation.address().space() == Space.STREAM;
        if (nothingToTell) {
            return new Decision(null, new Reply.Done(null, null, List.of(), Version.NONE));
        }
        Version version = version(mutation, current, clock, nowMicros);
        clock.deleted(mutation.address());
        return changed(mutation, version, Change.Kind.DELETED, old, null, List.of());
    }

    private static Version version(Mutation mutation, Current current, VersionClock clock, long nowMicros) {
        Version previous = switch (current) {
            case Current.Present present -> present.version();
            case Current.Missing missing ->
                missing.deletedAt().equals(Version.NONE) ? clock.forgotten(mutation.address()) : missing.deletedAt();
        };
        // Stream frames carry the version's milliseconds, and clients drop a frame that is not later than the last.
        return clock.next(nowMicros, previous, mutation.address().space() == Space.STREAM);
    }

    private static Decision changed(
            Mutation mutation,
            Version version,
            Change.Kind kind,
            @Nullable Json old,
            @Nullable Json value,
            List<OpError> errors) {
        Change change = new Change(
                mutation.address(), mutation.id(), version, kind, old, value, errors, mutation.traceParent());
        return new Decision(change, change.reply());
    }
}
