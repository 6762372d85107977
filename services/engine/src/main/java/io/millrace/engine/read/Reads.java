package io.millrace.engine.read;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reading at the owner, whoever that is. Every read sees all that was acknowledged before it began. All stages fail with
 * {@link io.millrace.engine.write.UnavailableException} when the owner cannot be reached until the deadline.
 */
public interface Reads {
    /** What an address holds. */
    CompletionStage<Current> get(Address address, Instant deadline);

    /**
     * An exact snapshot of a part of a unit's partition, to be iterated by any one thread and closed. It includes
     * every change that a reader of the log could have seen when this was called, acknowledged or not: live feeds
     * rest on it.
     *
     * @param unit whose partition
     * @param from the first key, inclusive
     * @param to the end, exclusive; null for none
     */
    CompletionStage<Cut> cut(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline);

    /**
     * The same for whoever rather has an older answer than none: from a copy of the partition, if the owner does not answer
     * soon and a copy does.
     */
    default CompletionStage<Sighting> cutOrCopy(Unit unit, RecordKey from, @Nullable RecordKey to, Instant deadline) {
        return cut(unit, from, to, deadline).thenApply(Sighting::ofOwner);
    }

    /** A snapshot of all of a unit. */
    default CompletionStage<Cut> cut(Unit unit, Instant deadline) {
        return cut(unit, unit.prefix().first(), unit.prefix().after(), deadline);
    }

    /** Every unit of a space that holds at least one value, in the order of its record keys within each partition. */
    CompletionStage<List<Unit>> units(Space space, Instant deadline);
}
