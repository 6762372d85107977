package io.millrace.engine.write;

import io.millrace.core.address.RecordKey;
import io.millrace.core.change.Current;
import io.millrace.core.change.Position;
import io.millrace.core.change.Version;
import io.millrace.engine.port.StateStore;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A partition between two transactions, seen from the writer's thread: overlay over store is exactly what is committed up
 * to the position, since nothing else is under way. Only valid during the call it is given to.
 */
public interface CommittedView {
    /** The last committed record. */
    Position position();

    /** The partition's clock: at or after every version up to the position, and a millisecond before every later one. */
    Version version();

    /** A copy of what the store may lack. To be taken before the store is read. */
    NavigableMap<RecordKey, Current> overlay(RecordKey from, @Nullable RecordKey to);

    /** The store. */
    StateStore store();
}
