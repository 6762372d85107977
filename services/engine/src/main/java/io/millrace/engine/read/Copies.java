package io.millrace.engine.read;

import io.millrace.core.address.RecordKey;
import io.millrace.core.address.Space;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The copies of partitions that nodes keep, for whoever cannot reach the owner and takes less. */
public interface Copies {
    /** Until when the owner is to be waited for by a call with this deadline. */
    Instant patience(Instant deadline);

    /**
     * A snapshot of the copy that is furthest on.
     *
     * @return fails with {@link io.millrace.engine.write.UnavailableException} if there is none that can be read
     */
    CompletionStage<Sighting> freshest(
            Space space, int partition, RecordKey from, @Nullable RecordKey to, Instant deadline);
}
