package io.millrace.engine.read;

import io.millrace.core.address.Address;
import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import io.millrace.core.address.Unit;
import io.millrace.core.change.Current;
import io.millrace.engine.write.RemoteOwners;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reading at the owners at other nodes, once each: every stage fails with
 * {@link io.millrace.engine.write.UnavailableException} if the owner cannot be reached or is none any more.
 */
public interface RemoteReads extends RemoteOwners {
    /** What an address of a partition holds. */
    CompletionStage<Current> get(int partition, Address address, Instant deadline);

    /** An exact snapshot of a part of a partition. */
    CompletionStage<Cut> cut(Space space, int partition, RecordKey from, @Nullable RecordKey to, Instant deadline);

    /** Every unit of a partition that holds a value, in the order of its record keys. */
    CompletionStage<List<Unit>> units(Space space, int partition, Instant deadline);
}
