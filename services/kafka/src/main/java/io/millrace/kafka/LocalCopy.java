package io.millrace.kafka;

import io.millrace.engine.port.StateStore;
import io.millrace.engine.port.StoreClosedException;
import org.jspecify.annotations.Nullable;

/** A copy in this process. */
interface LocalCopy extends StateStore {
    /** What readers of it get when it has been given up. */
    StoreClosedException closed(@Nullable Throwable cause);
}
